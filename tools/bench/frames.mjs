/** Script per frame while somebody turns the wheel over the lanes. */

const CATEGORIES = ['-*', 'devtools.timeline', 'v8.execute'];
/** Whatever runs script, outermost; what is nested in it counts once. */
const SCRIPT = new Set([
  ...['FunctionCall', 'EventDispatch', 'FireAnimationFrame', 'RunMicrotasks', 'TimerFire'],
  ...['MinorGC', 'MajorGC'],
]);

/** @typedef {{ name: string, ph: string, ts: number, dur?: number, pid: number, tid: number, args?: any }} TraceEvent times in µs */

/**
 * @param {readonly TraceEvent[]} events
 * @returns {{ script: number[], gaps: number[] }} per frame in which the wheel turned: script, and time since the frame before, ms
 */
function perFrame(events) {
  /** @param {TraceEvent} event */
  const isWheel = ({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'wheel';
  const wheel = events.find(isWheel);
  if (wheel === undefined) throw new Error('the wheel was not noticed');
  const main = events
    .filter(({ pid, tid }) => pid === wheel.pid && tid === wheel.tid)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  /** @type {{ begin: number, script: number, turned: boolean }[]} */
  const frames = [];
  let end = 0;
  for (const event of main) {
    if (event.name === 'AnimationFrame' && event.ph === 'b') {
      frames.push({ begin: event.ts, script: 0, turned: false });
    }
    const frame = frames.at(-1);
    if (frame === undefined || event.ph !== 'X' || !SCRIPT.has(event.name)) continue;
    if (isWheel(event)) frame.turned = true;
    const stop = event.ts + (event.dur ?? 0);
    frame.script += Math.max(0, stop - Math.max(end, event.ts)) / 1_000;
    end = Math.max(end, stop);
  }
  const turned = frames.flatMap((frame, i) => {
    const before = frames[i - 1];
    return frame.turned && before !== undefined
      ? [{ ...frame, gap: (frame.begin - before.begin) / 1_000 }]
      : [];
  });
  return { script: turned.map(({ script }) => script), gaps: turned.map(({ gap }) => gap) };
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
