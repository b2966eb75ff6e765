/**
 * The type check, in two passes. The first is tsconfig.json, for every file. The second adds
 * noUncheckedIndexedAccess and leaves out what it says about the rooms below: their inner loops read typed
 * arrays at indices that they keep in range, and a check at each read would cost more than it finds. The
 * filter is on the messages, not on the files, because the strict rooms import from the others.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './setup.mjs';

const unchecked = /^src\/(engine|explore|trace)\//;

/**
 * @param {string} project
 * @returns {string[]} the compiler's messages, one item each, with their continuation lines
 */
function diagnose(project) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [tsc, '--noEmit', '--pretty', 'false', '-p', project],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const messages = stdout.split(/\n(?=\S)/).filter((text) => text.trim() !== '');
  if (status !== 0 && messages.length === 0) return [`tsc ended with ${status}: ${stderr}`];
  return messages;
}

/** @returns {string[]} every complaint of both passes, once */
export function typecheck() {
  const plain = diagnose('tsconfig.json');
  const strict = diagnose('tools/tsconfig.strict.json').filter((message) => !unchecked.test(message));
  return [...new Set([...plain, ...strict].map((message) => message.trimEnd()))];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const messages = typecheck();
  for (const message of messages) console.log(message);
  process.exitCode = messages.length > 0 ? 1 : 0;
}
