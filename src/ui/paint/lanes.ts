import { type Px, State } from '../../event/index.ts';
import type { Runs } from '../../trace/index.ts';
import { type Band, FAINTEST } from './band.ts';
import { Joined } from './joined.ts';
import { lookOf } from './palette.ts';
import type { Surface } from './surface.ts';

/** A wait that fills only a part of its pixel is as high as that part, but at least so much of the lane. */
const LOWEST = 0.4;

function isQuietState(state: number): boolean {
  return state === State.IDLE || state === State.DONE;
}

/** The states of one thread. Waits are always seen; a thread that sleeps by its own will is a thin line. */
export function paintThread(surface: Surface, runs: Runs, band: Band): void {
  const { x, y, h, ratio } = band;
  const rule: Px = h >= 14 ? 2 : 1;
  const middle = Math.round(y + (h - rule) / 2);
  const { count, x0, x1, state: states, base: bases, share: shares } = runs;
  const grounds = new Joined(surface, band);
  for (let i = 0; i < count; i++) {
    const from = x0[i] ?? 0;
    const to = x1[i] ?? 0;
    const state = states[i] ?? 0;
    const base = bases[i] ?? 0;
    const share = shares[i] ?? 1;
    if (isQuietState(base)) {
      if (base === State.IDLE) grounds.rect(from, to, middle, rule, 'idle');
      // Whatever else happened in these pixels was shorter than the sleep.
      if (share < 1 && state === base) {
        // The line of the sleep is below the tint.
        grounds.finish();
        const alpha = Math.min(1, Math.max(FAINTEST, Math.sqrt(1 - share)));
        const left = x + from / ratio;
        surface.rect(left, y, (to - from) / ratio, h, lookOf(runs.ran[i] ?? base).paint, alpha);
      }
    } else if (state === base || share < 1) {
      const look = lookOf(base);
      grounds.rect(from, to, y, h, look.paint, 1, look.hatch);
    }
  }
  grounds.finish();
  // Laid over what fills most of the pixel, a wait would mix with it to the colour of something else.
  const lowest = Math.ceil(h * LOWEST);
  const waits = new Joined(surface, band);
  for (let i = 0; i < count; i++) {
    const state = states[i] ?? 0;
    if (state === bases[i]) continue;
    const look = lookOf(state);
    const high = Math.max(lowest, Math.round(h * (shares[i] ?? 1)));
    waits.rect(x0[i] ?? 0, x1[i] ?? 0, y + h - high, high, look.paint, 1, look.hatch);
  }
  waits.finish();
}
