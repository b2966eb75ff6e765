/** Browser and servers of the page's bench. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { ensureBrowser, root } from '../setup.mjs';
import { installProbe } from './probe.mjs';

/** @typedef {import('playwright').Browser} Browser */
/** @typedef {import('playwright').Page} Page */

export const WINDOW = { width: 1280, height: 800 };
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];

/** @returns {Promise<Browser>} */
export async function launchBrowser() {
  return chromium.launch({ executablePath: await ensureBrowser(), args: FLAGS });
}

/**
 * @param {import('node:http').Server} server
 * @returns {string}
 */
function addressOf(server) {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Builds the page and serves it, on a port that is free. */
export async function servePage() {
  await build({ root, logLevel: 'error' });
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir: 'dist/web' },
    preview: { port: 0, strictPort: false },
  });
  const http = /** @type {import('node:http').Server} */ (server.httpServer);
  return { address: addressOf(http), close: () => server.close() };
}

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/**
 * Serves the files of a folder, on a port that is free.
 * @param {string} folder
 */
export async function serveFolder(folder) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = join(folder, normalize(pathname === '/' ? '/index.html' : decodeURIComponent(pathname)));
    if (!path.startsWith(folder) || !existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  return {
    address: addressOf(server),
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * A page of its own, with its own renderer and cache, and the probe in it.
 * @param {Browser} browser
 * @param {() => void} [probe]
 * @returns {Promise<Page>}
 */
export async function newPage(browser, probe = installProbe) {
  const context = await browser.newContext({ viewport: WINDOW, deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.addInitScript(probe);
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => {
    throw error;
  });
  return page;
}

/** @param {Page} page */
export async function settled(page) {
  await page.waitForFunction(() => window.__mmscopeIdle?.() === true);
}

/**
 * The probe's findings.
 * @param {Page} page
 * @returns {Promise<import('./probe.mjs').Probe>}
 */
export function probeOf(page) {
  return page.evaluate(() => /** @type {any} */ (window).benchProbe);
}
