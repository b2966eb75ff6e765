/**
 * Starts a program that Vite bundles for Node, building it first when its sources have changed. The build
 * goes to a folder of its own and the finished file is renamed into place, so two starts at the same time
 * never see half a bundle.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { root } from './setup.mjs';

/** What makes a bundle stale when it is newer. */
const sources = ['src', 'vite.config.ts', 'package.json', 'tools/build-id.mjs'];

/**
 * The latest modification time at or below a path. Folders count too: removing a file touches its folder.
 * @param {string} path
 * @returns {number} milliseconds
 */
function newest(path) {
  const { mtimeMs } = statSync(path);
  let latest = mtimeMs;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = join(path, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(below) : statSync(below).mtimeMs);
  }
  return latest;
}

/**
 * @param {string} bundle
 * @returns {boolean} whether the bundle is missing or older than its sources
 */
function isStale(bundle) {
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  return sources
    .map((name) => join(root, name))
    .some((path) => (statSync(path).isDirectory() ? newest(path) : statSync(path).mtimeMs) > built);
}

/**
 * @param {string} message
 * @returns {never}
 */
function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/**
 * Build one of the Node bundles of vite.config.ts; silent unless it fails.
 * @param {string} mode
 * @param {string} bundle where the finished file belongs
 */
function build(mode, bundle) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  if (!existsSync(vite)) refuse('mmscope: the packages are not installed; run `npm ci` first');
  const dist = join(root, 'dist');
  mkdirSync(dist, { recursive: true });
  const temporary = mkdtempSync(join(dist, `.${mode}-`));
  const started = new Date();
  try {
    const args = [
      vite,
      'build',
      '--mode',
      mode,
      '--outDir',
      temporary,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (status !== 0) {
      rmSync(temporary, { recursive: true, force: true });
      refuse(`${stdout}${stderr}mmscope: the build failed`);
    }
    mkdirSync(join(bundle, '..'), { recursive: true });
    for (const name of readdirSync(temporary)) {
      const from = join(temporary, name);
      // The bundle is as old as the sources it was made from: an edit during the build makes it stale.
      utimesSync(from, started, started);
      renameSync(from, join(bundle, '..', name));
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Run a bundle in this process, so that signals, exit code, standard input and output are its own.
 * @param {'cli' | 'bench'} mode
 * @param {string} name the bundle's entry, without extension
 */
export async function runBundle(mode, name) {
  if (!existsSync(join(root, `src/cli/${name}.ts`))) refuse(`mmscope: src/cli/${name}.ts does not exist`);
  const bundle = join(root, 'dist', mode, `${name}.js`);
  if (isStale(bundle)) build(mode, bundle);
  process.argv.splice(1, 1, bundle);
  // The interpreter is one loop over many small functions: with more room to inline them it is a tenth faster.
  setFlagsFromString('--max-inlined-bytecode-size=1000');
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=3000');
  await import(pathToFileURL(bundle).href);
}
