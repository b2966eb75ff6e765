/**
 * The checks that only look at files: the lockfile, paths of somebody's machine, and a README in each room.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

/**
 * @param {string} [below]
 * @returns {string[]} every file of the project that is neither installed nor built
 */
function walk(below = '') {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    if (['.git', 'node_modules', 'dist', 'coverage'].includes(entry.name)) return [];
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** @returns {string[]} the files that git tracks or would track; outside a repository, all but the ignored */
function projectFiles() {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const files = status === 0 ? stdout.split('\0').filter(Boolean) : walk();
  return files.filter((file) => existsSync(join(root, file)));
}

/** @returns {string[]} addresses in the lockfile, which would tie it to one registry */
export function lockfileProblems() {
  const lines = readFileSync(join(root, 'package-lock.json'), 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    line.includes('"resolved"') ? [`package-lock.json:${index + 1}: ${line.trim()}`] : [],
  );
}

/** @returns {string[]} lines with an absolute path that is true on one machine only */
export function machinePaths() {
  const machinePath = /(?<![\w.)\]}~-])\/(?:work|root|home)\/\w/;
  return projectFiles().flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    if (text.includes('\0')) return [];
    return text
      .split('\n')
      .flatMap((line, index) => (machinePath.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
  });
}

/** @returns {string[]} rooms that do not say what they are */
export function roomsWithoutReadme() {
  return readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !existsSync(join(root, 'src', entry.name, 'README.md')))
    .map((entry) => `src/${entry.name} has no README.md`);
}
