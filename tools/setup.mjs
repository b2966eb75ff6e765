/**
 * What a fresh clone lacks: the packages in node_modules, and a Chromium for the browser tests. Needs
 * nothing but Node's own modules, because it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Run a command in the project's folder, its output shown.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {boolean} whether it succeeded
 */
function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** @returns {boolean} whether node_modules is there and was installed from the present lockfile */
export function depsAreCurrent() {
  // npm writes this file last, so an install that broke off does not count as one.
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** Install the packages if they are missing or older than the lockfile; end the process if that fails. */
export function ensureDeps() {
  if (depsAreCurrent()) return;
  console.error('installing the packages (npm ci)');
  // Whatever NODE_ENV says, the build and the tests are made of development dependencies.
  if (run('npm', ['ci', '--include=dev'])) return;
  console.error('npm ci failed; its messages are above');
  process.exit(1);
}

/**
 * @param {string} path
 * @returns {boolean}
 */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * @param {string} name a program's name
 * @returns {string | undefined} where it is on the PATH
 */
function which(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** @returns {Promise<string | undefined>} Playwright's own Chromium, if it has been downloaded */
async function playwrightBrowser() {
  const { chromium } = await import('playwright');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/**
 * A Chromium that is already on this machine. MMSCOPE_CHROMIUM, when set, names the one to use.
 * @returns {Promise<string | undefined>}
 */
export async function findBrowser() {
  const chosen = process.env['MMSCOPE_CHROMIUM'];
  if (chosen) return chosen;
  const named = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const fixed = [
    '/usr/bin/chromium',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  for (const path of fixed) if (isExecutable(path)) return path;
  for (const name of named) {
    const path = which(name);
    if (path) return path;
  }
  return playwrightBrowser();
}

/** Install Debian's Chromium, where that is possible without asking for a password. */
function installWithApt() {
  if (!which('apt-get')) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return;
  const prefix = isRoot ? ['env'] : ['sudo', '-n', 'env'];
  const options = ['-q', '-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=120'];
  const packages = ['chromium', 'fonts-liberation'];
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const [command = '', ...rest] = [
      ...prefix,
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...options,
      ...args,
    ];
    if (!run(command, rest)) return;
  }
}

/**
 * A Chromium for the browser tests, installed if there is none.
 * @returns {Promise<string>} its path
 * @throws when there is none and none of the ways to install one worked
 */
export async function ensureBrowser() {
  const there = await findBrowser();
  if (there) return there;
  console.error('no Chromium found; trying to install one');
  installWithApt();
  const installed = await findBrowser();
  if (installed) return installed;
  run('npx', ['--no-install', 'playwright', 'install', 'chromium']);
  const downloaded = await playwrightBrowser();
  if (downloaded) return downloaded;
  throw new Error(
    'no Chromium: neither the system package manager nor `npx playwright install chromium` gave one. ' +
      'Install Chromium or Chrome, or set MMSCOPE_CHROMIUM to the path of one.',
  );
}
