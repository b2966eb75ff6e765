/** Script per frame while somebody turns the wheel over the lanes. */

const CATEGORIES = ['-*', 'devtools.timeline', 'v8.execute'];
/** Whatever runs script, outermost; what is nested in it counts once. */
const SCRIPT = new Set([
  ...['FunctionCall', 'EventDispatch', 'FireAnimationFrame', 'RunMicrotasks', 'TimerFire'],
  ...['MinorGC', 'MajorGC'],
]);

/** @typedef {{ name: string, ph: string, ts: number, dur?: number, tdur?: number, pid: number, tid: number, args?: any }} TraceEvent times in µs,
 * `tdur` is what the thread had of the processor */

/**
 * @param {readonly TraceEvent[]} events
 * @returns {{ script: number[], busy: number[] }} per frame in which the wheel turned: script, and the processor time of
 * it, ms
 */
function perFrame(events) {
  /** @param {TraceEvent} event */
  const isWheel = ({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'wheel';
  const wheel = events.find(isWheel);
  if (wheel === undefined) throw new Error('the wheel was not noticed');
  const main = events
    .filter(({ pid, tid }) => pid === wheel.pid && tid === wheel.tid)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  /** @type {{ script: number, busy: number, turned: boolean }[]} */
  const frames = [];
  let end = 0;
  for (const event of main) {
    if (event.name === 'AnimationFrame' && event.ph === 'b') {
      frames.push({ script: 0, busy: 0, turned: false });
    }
    const frame = frames.at(-1);
    if (frame === undefined || event.ph !== 'X' || !SCRIPT.has(event.name)) continue;
    if (isWheel(event)) frame.turned = true;
    const { dur = 0, tdur = dur } = event;
    if (event.ts < end) continue;
    frame.script += dur / 1_000;
    frame.busy += tdur / 1_000;
    end = event.ts + dur;
  }
  const turned = frames.filter((frame) => frame.turned);
  return { script: turned.map(({ script }) => script), busy: turned.map(({ busy }) => busy) };
}

/**
 * @param {import('playwright').Browser} browser
 * @param {import('playwright').Page} page
 * @param {readonly (readonly [dx: number, dy: number])[]} turns of the wheel, one per frame
 */
export async function measureFrames(browser, page, turns) {
  await browser.startTracing(page, { categories: CATEGORIES });
  for (const [dx, dy] of turns) {
    await Promise.all([page.mouse.wheel(dx, dy), page.waitForTimeout(16)]);
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8'));
  return perFrame(traceEvents);
}
