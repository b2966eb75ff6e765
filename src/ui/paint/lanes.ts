import { type Px, State } from '../../event/index.ts';
import type { Runs } from '../../trace/index.ts';
import { type Band, FAINTEST } from './band.ts';
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
  for (let i = 0; i < runs.count; i++) {
    const state = runs.state[i] ?? 0;
    const base = runs.base[i] ?? 0;
    const share = runs.share[i] ?? 1;
    const left = x + (runs.x0[i] ?? 0) / ratio;
    const w = ((runs.x1[i] ?? 0) - (runs.x0[i] ?? 0)) / ratio;
    if (isQuietState(base)) {
      if (base === State.IDLE) surface.rect(left, middle, w, rule, 'idle');
      // Whatever else happened in these pixels was shorter than the sleep.
      if (share < 1 && state === base) {
        const alpha = Math.min(1, Math.max(FAINTEST, Math.sqrt(1 - share)));
        surface.rect(left, y, w, h, lookOf(runs.ran[i] ?? base).paint, alpha);
      }
      if (state === base) continue;
    } else if (state === base || share < 1) {
      const look = lookOf(base);
      surface.rect(left, y, w, h, look.paint, 1, look.hatch);
    }
    if (state === base) continue;
    // Laid over what fills most of the pixel, a wait would mix with it to the colour of something else.
    const look = lookOf(state);
    const high = Math.max(Math.ceil(h * LOWEST), Math.round(h * share));
    surface.rect(left, y + h - high, w, high, look.paint, 1, look.hatch);
  }
}
