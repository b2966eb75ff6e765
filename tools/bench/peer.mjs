/** speedscope, the peer: the same trace, exported as Chrome JSON, from the file to its picture. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { newPage, serveFolder } from './browser.mjs';
import { heapOf } from './memory.mjs';
import { installPeerProbe } from './probe.mjs';

/** A picture in which nothing was drawn for so long is done, ms. */
const QUIET = 1_500;

/**
 * @param {string} operand
 * @param {readonly string[]} settings
 * @param {string} file
 */
export function exportTrace(operand, settings, file) {
  const set = settings.flatMap((setting) => ['--set', setting]);
  const args = [join(root, 'tools/mmscope.mjs'), 'export', operand, ...set, '--format', 'chrome', '-o', file];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the trace could not be exported: ${stderr}`);
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} file
 * @returns {Promise<{ ms: number, bytes: number }>} time until the picture is drawn; memory then
 */
export async function measurePeer(browser, file) {
  const server = await serveFolder(join(root, 'node_modules/speedscope/dist/release'));
  const page = await newPage(browser, installPeerProbe);
  try {
    page.setDefaultTimeout(600_000);
    await page.goto(server.address);
    await page.waitForTimeout(1_000);
    await page.setInputFiles('input[type=file]', file);
    const found = await page.waitForFunction(
      (quiet) => {
        const peer = /** @type {any} */ (window).benchPeer;
        const drawn = peer.shown > 0 && peer.drawn > peer.shown;
        const done = drawn && performance.now() - peer.drawn > quiet;
        return done ? peer.drawn - peer.file : null;
      },
      QUIET,
      { polling: 200 },
    );
    return { ms: Number(await found.jsonValue()), bytes: await heapOf(page) };
  } finally {
    await page.context().close();
    await server.close();
  }
}
