/**
 * The build id: a short hash over the paths and contents of src/. It depends on nothing else (no git, no
 * clock, no machine), so two people with the same sources see the same id in their reports.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every file below a folder, as paths relative to it with forward slashes, in code unit order. Dot files
 * are left out: they are an editor's or a desktop's, not the project's.
 * @param {string} dir
 * @param {string} [prefix]
 * @returns {string[]}
 */
function filesBelow(dir, prefix = '') {
  const found = [];
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = prefix + entry.name;
    if (entry.isDirectory()) found.push(...filesBelow(join(dir, entry.name), `${path}/`));
    else if (entry.isFile()) found.push(path);
  }
  return prefix === '' ? found.sort() : found;
}

/**
 * @param {string} dir the folder to hash
 * @returns {string} ten hex digits
 */
export function buildId(dir) {
  const hash = createHash('sha256');
  for (const path of filesBelow(dir)) {
    // Line ends are normalised, because a checkout may have rewritten them; latin1 keeps every other byte.
    const text = readFileSync(join(dir, path)).toString('latin1').replaceAll('\r\n', '\n');
    hash.update(`${path}\0${text.length}\0`).update(text, 'latin1');
  }
  return hash.digest('hex').slice(0, 10);
}
