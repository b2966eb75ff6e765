/**
 * npm test: everything that must hold, in order, going on after a failure so that one run shows all of it.
 * A static check or a build counts as one test. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser, ensureDeps, root } from './setup.mjs';
import { lockfileProblems, machinePaths, roomsWithoutReadme } from './static-checks.mjs';

ensureDeps();
process.chdir(root);
// These need the packages, which may have been installed only now.
const { typecheck } = await import('./typecheck.mjs');
const { checkImports } = await import('./check-imports.mjs');
const { selfTest } = await import('./check-imports.selftest.mjs');

const total = { passed: 0, failed: 0 };
/** How many tests the two runners ran; a run with none has not tested anything. */
let executed = 0;

/** @param {string} title */
function section(title) {
  console.log(`\n== ${title}`);
}

/** @param {string[]} problems what is wrong; nothing when the check holds */
function settle(problems) {
  for (const problem of problems.slice(0, 200)) console.log(problem);
  if (problems.length > 200) console.log(`and ${problems.length - 200} more`);
  console.log(problems.length === 0 ? 'ok' : `FAILED (${problems.length})`);
  total[problems.length === 0 ? 'passed' : 'failed'] += 1;
}

/**
 * @param {string} title
 * @param {() => string[]} find
 */
function check(title, find) {
  section(title);
  try {
    settle(find());
  } catch (error) {
    settle([error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  }
}

/**
 * Run a program of node_modules with its output shown.
 * @param {string} script its path in node_modules
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {boolean} whether it succeeded
 */
function tool(script, args, env = {}) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/**
 * Add a runner's own count. A runner that failed without naming a failed test still failed.
 * @param {boolean} succeeded
 * @param {number} passed
 * @param {number} failed
 */
function count(succeeded, passed, failed) {
  const failures = succeeded || failed > 0 ? failed : 1;
  executed += passed + failed;
  total.passed += passed;
  total.failed += failures;
  console.log(failures === 0 ? `ok (${passed})` : `FAILED (${failures})`);
}

/**
 * @param {string} path a report written by a runner
 * @returns {any} its content, or nothing if the runner did not get as far as writing it
 */
function report(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** @param {string} dir where to put the report */
function unitTests(dir) {
  section('unit tests');
  const path = join(dir, 'vitest.json');
  const succeeded = tool('vitest/vitest.mjs', [
    ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${path}`],
  ]);
  const result = report(path);
  /** @type {{ status: string, assertionResults: unknown[] }[]} */
  const files = result?.testResults ?? [];
  // A file that cannot be loaded has no tests to fail.
  const broken = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  count(succeeded, result?.numPassedTests ?? 0, (result?.numFailedTests ?? 0) + broken.length);
}

/** @param {string} dir where to put the report */
async function browserTests(dir) {
  section('browser tests');
  /** @type {string} */
  let browser;
  try {
    browser = await ensureBrowser();
  } catch (error) {
    settle([error instanceof Error ? error.message : String(error)]);
    return;
  }
  console.log(`browser: ${browser}`);
  const path = join(dir, 'playwright.json');
  const succeeded = tool(
    'playwright/cli.js',
    ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'],
    { MMSCOPE_CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: path },
  );
  const stats = report(path)?.stats;
  count(succeeded, (stats?.expected ?? 0) + (stats?.flaky ?? 0), stats?.unexpected ?? 0);
}

const biome = ['check', '--config-path', 'tools', '--error-on-warnings', '.'];
const vite = 'vite/bin/vite.js';

check('types', typecheck);
check('format and lint', () => (tool('@biomejs/biome/bin/biome', biome) ? [] : ['see above']));
check('imports', () => checkImports(join(root, 'src')));
check('the import checker itself', selfTest);
check('lockfile', lockfileProblems);
check('machine paths', machinePaths);
check('a README in each room', roomsWithoutReadme);
const temporary = mkdtempSync(join(tmpdir(), 'mmscope-test-'));
try {
  unitTests(temporary);
  check('web build', () => (tool(vite, ['build']) ? [] : ['see above']));
  check('command-line build', () => (tool(vite, ['build', '--mode', 'cli']) ? [] : ['see above']));
  await browserTests(temporary);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

if (executed === 0) {
  console.log('\nno test was executed');
  total.failed += 1;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
