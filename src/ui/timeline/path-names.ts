import { Class, classOf, objectLabel, type Px, State, type TraceMeta } from '../../event/index.ts';
import type { Interval, Runs } from '../../trace/index.ts';
import type { Band } from '../paint/band.ts';
import type { Surface } from '../paint/surface.ts';

const STYLE = { paint: 'fg', size: 10.5 } as const;
/** No name is shorter: a run with less room need not be asked what it is. */
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
 * waits for.
 * `at` tells the interval at a device pixel.
 */
export function paintNames(
  surface: Surface,
  runs: Runs,
  { x, y, h, ratio }: Band,
  at: (pixel: number) => Interval | undefined,
  meta: TraceMeta,
): void {
  if (h < LOWEST) return;
  for (let i = 0; i < runs.count; i++) {
    const from = runs.x0[i] ?? 0;
    const to = runs.x1[i] ?? 0;
    const room = (to - from) / ratio - 2 * AIR;
    // A run of many intervals has no one name: its shares say so.
    if (room < LEAST || (runs.share[i] ?? 0) < 1) continue;
    const interval = at((from + to) / 2);
    const name = interval === undefined ? '' : nameOf(interval, meta);
    if (name === '') continue;
    const width = surface.textWidth(name, STYLE);
    // What is written over the end of a run would name its neighbour.
    if (width > room) continue;
    const left = x + from / ratio + AIR;
    surface.rect(left - 2, y + Math.round(h / 2) - 7, width + 4, 14, 'panel', 0.86);
    surface.text(left, y + Math.round(h / 2) + 4, name, STYLE);
  }
}
