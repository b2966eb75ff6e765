/**
 * The page's bench: the built page in a headless Chromium, driven as a reader would, beside speedscope with the same trace.
 * `--quick` leaves out what speedscope takes a minute for.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../setup.mjs';
import { launchBrowser, newPage, probeOf, servePage, settled, WINDOW } from './browser.mjs';
import { measureFrames } from './frames.mjs';
import { heapOf, workerHeapOf } from './memory.mjs';
import { exportTrace, measurePeer } from './peer.mjs';
import { mb, median, ms, quantile, Table } from './table.mjs';

const DOCUMENT = `${join(root, 'tools/bench/contention.kp')}#contention`;
/** Runs of 100 thousand, 1 million and 5 million records; one of 64 threads with 1 million intervals. */
const SMALL = ['length=12ms'];
const MIDDLE = ['length=115.5ms'];
const LARGE = ['length=578ms'];
const WIDE = ['threads=64', 'length=995ms'];
const RUNS = 5;
/** Random places that are visited in the large run. */
const PLACES = 40;
/** Where the lanes begin, px from the left edge of the timeline. */
const GUTTER = 136;

/** @typedef {{ fragment: string, records: number, intervals: number }} Doc */
/** @typedef {{ browser: import('playwright').Browser, address: string, table: Table, tiny: Doc }} Bench */

/**
 * @param {readonly string[]} settings
 * @returns {Doc}
 */
function documentOf(settings) {
  const args = [join(root, 'tools/bench.mjs'), 'document', DOCUMENT, ...settings];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** @param {number} value */
const number = (value) => value.toFixed(0);

/**
 * A page that has loaded and has nothing to do, then is given a link.
 * @param {Bench} bench
 * @param {Doc} doc
 */
async function openRun({ browser, address, tiny }, doc) {
  const page = await newPage(browser);
  await page.goto(`${address}/#${tiny.fragment}`);
  await settled(page);
  await page.evaluate((fragment) => {
    const { benchProbe } = /** @type {any} */ (window);
    benchProbe.run = null;
    benchProbe.longTasks.length = 0;
    location.hash = fragment;
  }, doc.fragment);
  await page.waitForFunction(() => /** @type {any} */ (window).benchProbe.run?.painted > 0);
  return page;
}

/** @param {Bench} bench */
async function loading({ browser, address, table }) {
  /** @type {number[]} */
  const times = [];
  let bytes = 0;
  for (let i = 0; i < RUNS; i++) {
    const page = await newPage(browser);
    await page.goto(address);
    await page.waitForFunction(() => /** @type {any} */ (window).benchProbe.firstLanes > 0);
    const { firstLanes } = await probeOf(page);
    times.push(firstLanes);
    const paths = await page.evaluate((end) => {
      const before = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < end);
      return before.map(({ name }) => new URL(name).pathname);
    }, firstLanes);
    bytes = ['/index.html', ...paths].reduce((sum, path) => sum + gzipped(path), 0);
    await page.context().close();
  }
  table.head('loading the page');
  table.row('first lanes painted', median(times), ms, 1_000);
  table.row('gzipped before that, kB', bytes / 1_000, number, 300);
}

/** @param {string} path */
function gzipped(path) {
  const content = readFileSync(join(root, 'dist/web', path));
  // Fonts are compressed already.
  return path.endsWith('.woff2') ? content.length : gzipSync(content, { level: 9 }).length;
}

/**
 * @param {Bench} bench
 * @param {string} name
 * @param {readonly string[]} settings
 * @param {number} bound ms
 * @param {number} peerRuns
 */
async function runToPicture(bench, name, settings, bound, peerRuns) {
  const { browser, table } = bench;
  const doc = documentOf(settings);
  /** @type {number[]} */
  const ours = [];
  /** @type {number[]} */
  const simulated = [];
  /** @type {{ ms: number, bytes: number }[]} */
  const theirs = [];
  let bytes = 0;
  const folder = mkdtempSync(join(tmpdir(), 'mmscope-bench-'));
  const file = join(folder, 'trace.json');
  try {
    if (peerRuns > 0) exportTrace(DOCUMENT, settings, file);
    // In turns, so that a change of the machine's pace meets both.
    for (let i = 0; i < RUNS; i++) {
      const page = await openRun(bench, doc);
      const { run } = await probeOf(page);
      ours.push((run?.painted ?? 0) - (run?.at ?? 0));
      simulated.push((run?.answered ?? 0) - (run?.at ?? 0));
      if (i === 0) bytes = (await heapOf(page)) + (await workerHeapOf(page));
      await page.context().close();
      if (i < peerRuns) theirs.push(await measurePeer(browser, file));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  table.head(`${name}: ${doc.records} records, 16 threads`);
  /** @param {(values: typeof theirs) => string} tell */
  const peer = (tell) => (theirs.length === 0 ? 'not run' : tell(theirs));
  const peerMs = peer((runs) => ms(median(runs.map((run) => run.ms))));
  table.row('run message (file) to painted picture', median(ours), ms, bound, peerMs);
  table.row('  of it until the last message of the run', median(simulated), ms);
  const peerBytes = peer((runs) => mb(median(runs.map((run) => run.bytes))));
  table.row('JS heap and ArrayBuffers', bytes, mb, undefined, peerBytes);
}

/** The wheel: in and out again over the whole, then sideways at a part of it. @type {[number, number][]} */
const TURNS = [
  ...times(60, [0, -100]),
  ...times(60, [0, 100]),
  ...times(12, [0, -100]),
  ...times(60, [60, 0]),
  ...times(60, [-60, 0]),
];

/**
 * @param {number} count
 * @param {[number, number]} turn
 * @returns {[number, number][]}
 */
function times(count, turn) {
  return Array.from({ length: count }, () => turn);
}

/** @param {import('playwright').Page} page */
async function timelineOf(page) {
  const box = await page.getByRole('region', { name: 'Timeline', exact: true }).boundingBox();
  if (box === null) throw new Error('the page shows no timeline');
  return box;
}

/** @param {Bench} bench */
async function zoomAndPan(bench) {
  const { table, browser } = bench;
  const doc = documentOf(WIDE);
  /** @type {number[]} */
  const scripts = [];
  /** @type {number[]} */
  const busy = [];
  /** @type {number[]} */
  const pageBytes = [];
  /** @type {number[]} */
  const workerBytes = [];
  for (let i = 0; i < 3; i++) {
    const page = await openRun(bench, doc);
    for (const group of await page.locator('.group-name[aria-expanded=false]').all()) await group.click();
    const lanes = await page.getByRole('listbox', { name: 'Threads' }).getByRole('option').count();
    if (lanes !== 64) throw new Error(`${lanes} lanes are open, not 64`);
    // So high that all of them are in sight: what is scrolled off costs nothing.
    await page.setViewportSize({ width: WINDOW.width, height: 1_400 });
    await settled(page);
    const { x, y, width } = await timelineOf(page);
    await page.mouse.move(x + GUTTER + (width - GUTTER) * 0.4, y + 200);
    const found = await measureFrames(browser, page, TURNS);
    scripts.push(quantile(found.script, 0.95));
    busy.push(quantile(found.busy, 0.95));
    await settled(page);
    pageBytes.push(await heapOf(page));
    workerBytes.push(await workerHeapOf(page));
    await page.context().close();
  }
  table.head(`zoom and pan: ${doc.intervals} intervals, 64 lanes`);
  table.row('script per frame, 95th percentile', median(scripts), ms, 8);
  table.row('  of it processor time, the same', median(busy), ms);
  const all = pageBytes.map((bytes, i) => bytes + (workerBytes[i] ?? 0));
  table.row('JS heap and ArrayBuffers', median(all), mb, 130e6);
  table.row('  of it on the page', median(pageBytes), mb);
}

/** The same places in every run of the bench. @returns {() => number} */
function places() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 48_271) >>> 0) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/**
 * @param {import('playwright').Page} page
 * @param {() => Promise<void>} act
 * @returns {Promise<number>} from the message that moves the playhead until its moment is painted, ms
 */
async function moveTime(page, act) {
  await page.evaluate(() => {
    /** @type {any} */ (window).benchProbe.move = null;
  });
  await act();
  await page.waitForFunction(() => /** @type {any} */ (window).benchProbe.move?.painted > 0);
  const { move } = await probeOf(page);
  return (move?.painted ?? 0) - (move?.at ?? 0);
}

/** @param {Bench} bench */
async function large(bench) {
  const { table } = bench;
  const doc = documentOf(LARGE);
  /** @type {number[]} */
  const longest = [];
  /** @type {number[]} */
  const tasks = [];
  /** @type {import('playwright').Page | undefined} */
  let page;
  for (let i = 0; i < 3; i++) {
    await page?.context().close();
    page = await openRun(bench, doc);
    const { longTasks } = await probeOf(page);
    longest.push(Math.max(0, ...longTasks));
    tasks.push(longTasks.length);
  }
  if (page === undefined) return;
  const { x, y, width } = await timelineOf(page);
  const next = places();
  /** @type {number[]} */
  const seeks = [];
  /** @type {number[]} */
  const forward = [];
  /** @type {number[]} */
  const back = [];
  for (let i = 0; i < PLACES; i++) {
    const at = x + GUTTER + (width - GUTTER - 12) * next();
    const lane = y + 80 + 200 * next();
    const current = page;
    seeks.push(await moveTime(current, () => current.mouse.click(at, lane)));
    await settled(current);
    forward.push(await moveTime(current, () => current.keyboard.press('.')));
    back.push(await moveTime(current, () => current.keyboard.press(',')));
  }
  await page.context().close();
  table.head(`5 million: ${doc.records} records, 16 threads`);
  table.row('tasks of 50 ms or more while they stream in', median(tasks), number, 1);
  table.row('  the longest of them', median(longest), ms);
  for (const [name, found] of Object.entries({ seek: seeks, 'step forward': forward, 'step back': back })) {
    table.row(`${name}, 16 ms aimed at`, median(found), ms);
    table.row(`  worst of ${PLACES} places`, Math.max(...found), ms, 100);
  }
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<boolean>} whether all bounds are held
 */
export async function pageBench(args) {
  const quick = args.includes('--quick');
  const only = args.filter((arg) => !arg.startsWith('-'));
  const server = await servePage();
  const browser = await launchBrowser();
  const table = new Table();
  const bench = { browser, address: server.address, table, tiny: documentOf(['length=20us']) };
  /** @type {Record<string, () => Promise<void>>} */
  const parts = {
    load: () => loading(bench),
    small: () => runToPicture(bench, '100 thousand', SMALL, 600, RUNS),
    middle: () => runToPicture(bench, '1 million', MIDDLE, 2_000, quick ? 0 : 1),
    wide: () => zoomAndPan(bench),
    large: () => large(bench),
  };
  try {
    for (const [name, part] of Object.entries(parts)) {
      if (only.length === 0 || only.includes(name)) await part();
    }
  } finally {
    await browser.close();
    await server.close();
  }
  return table.ok;
}
