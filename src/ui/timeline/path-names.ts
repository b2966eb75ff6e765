import { Class, classOf, type Ns, objectLabel, type Px, State, type TraceMeta } from '../../event/index.ts';
import type { Interval, Runs } from '../../trace/index.ts';
import type { Window } from '../layout/runs.ts';
import type { Band } from '../paint/band.ts';
import type { Surface } from '../paint/surface.ts';

const STYLE = { paint: 'fg', size: 10.5 } as const;
/** No name is shorter: what has less room need not be asked what it is. */
const LEAST: Px = 18;
const AIR: Px = 4;
/** A lane that is lower has no room for letters. */
const LOWEST: Px = 13;

export function nameOf({ state, object, site }: Interval, meta: TraceMeta): string {
  if (object === 0) return '';
  if (state === State.KERNEL) {
    // The site of a fault is the access that caused it.
    if (classOf(object) !== Class.SYSCALL) return 'page fault';
    const call = objectLabel(object, meta);
    const { fn = '', parent = 0 } = meta.sites[site] ?? {};
    // Where it was entered, the site is the thread's own line: that says nothing that its name does not.
    return parent === 0 || fn === '' || fn === call ? call : `${call}: ${fn}`;
  }
  return state >= State.SPIN && state <= State.WAIT_WRITE ? objectLabel(object, meta) : '';
}

/**
 * What a thread is doing, within its lane, where there is room: the call and function that it is in, the lock that it
 * waits for. What is named is one interval: many short ones side by side look like one run, and have no one name.
 * `at` tells the interval at a time.
 */
export function paintNames(
  surface: Surface,
  runs: Runs,
  { x, y, h, ratio }: Band,
  { range, pixels }: Window,
  at: (t: Ns) => Interval | undefined,
  meta: TraceMeta,
): void {
  if (h < LOWEST) return;
  const perPixel = (range.to - range.from) / pixels;
  const least = (LEAST + 2 * AIR) * ratio;
  const pixelOf = (t: Ns): number => (t - range.from) / perPixel;
  for (let i = 0; i < runs.count; i++) {
    const end = runs.x1[i] ?? 0;
    // A run whose pixels hold several states is no one interval.
    if ((runs.share[i] ?? 0) < 1) continue;
    let from = runs.x0[i] ?? 0;
    // Whatever is long enough for a name is met by steps of that length.
    while (end - from >= least) {
      const interval = at(range.from + perPixel * (from + least / 2));
      if (interval === undefined) break;
      const left = Math.max(from, Math.ceil(pixelOf(interval.startNs)));
      const right = Math.min(end, Math.floor(pixelOf(interval.endNs)));
      if (right - left < least) {
        from += least / 2;
        continue;
      }
      const name = nameOf(interval, meta);
      const room = (right - left) / ratio - 2 * AIR;
      const width = name === '' ? Infinity : surface.textWidth(name, STYLE);
      // What is written over the end of an interval would name its neighbour.
      if (width <= room) {
        const at = x + left / ratio + AIR;
        surface.rect(at - 2, y + Math.round(h / 2) - 7, width + 4, 14, 'panel', 0.86);
        surface.text(at, y + Math.round(h / 2) + 4, name, STYLE);
      }
      from = right;
    }
  }
}
