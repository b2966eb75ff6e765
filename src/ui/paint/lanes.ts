import { type Px, State } from '../../event/index.ts';
import type { Runs } from '../../trace/index.ts';
import { type Band, FAINTEST } from './band.ts';
import { Joined } from './joined.ts';
import { lookOf } from './palette.ts';
import type { Surface } from './surface.ts';

function isWait(state: number): boolean {
  return state >= State.SPIN && state <= State.WAIT_WRITE;
}

function isQuietState(state: number): boolean {
  return state === State.IDLE || state === State.DONE;
}

/**
 * The states of one thread. A wait that fills only a part of its pixel is as high as that part; one that would be lower
 * than a line is a line at the lower edge. A thread that sleeps by its own will is a thin line.
 */
export function paintThread(surface: Surface, runs: Runs, band: Band): void {
  const { x, y, h, ratio } = band;
  const rule: Px = h >= 14 ? 2 : 1;
  const middle = Math.round(y + (h - rule) / 2);
  const { count, x0, x1, state: states, base: bases, ran, share: shares } = runs;
  const grounds = new Joined(surface, band);
  for (let i = 0; i < count; i++) {
    const from = x0[i] ?? 0;
    const to = x1[i] ?? 0;
    const state = states[i] ?? 0;
    const share = shares[i] ?? 1;
    // Above a wait that fills most of the pixel, but not all, stands what there was beside it.
    const most = share < 1 && isWait(state) && state === bases[i] ? ran[i] : bases[i];
    const base = most ?? 0;
    if (isQuietState(base)) {
      if (base === State.IDLE) grounds.rect(from, to, middle, rule, 'idle');
      // Whatever else happened in these pixels was shorter than the sleep.
      if (share < 1 && state === base) {
        // The line of the sleep is below the tint.
        grounds.finish();
        const alpha = Math.min(1, Math.max(FAINTEST, Math.sqrt(1 - share)));
        const left = x + from / ratio;
        surface.rect(left, y, (to - from) / ratio, h, lookOf(ran[i] ?? base).paint, alpha);
      }
    } else {
      const look = lookOf(base);
      grounds.rect(from, to, y, h, look.paint, 1, look.hatch);
    }
  }
  grounds.finish();
  // Laid over what fills the rest of the pixel, a wait would mix with it to the colour of something else.
  const waits = new Joined(surface, band);
  for (let i = 0; i < count; i++) {
    const state = states[i] ?? 0;
    const share = shares[i] ?? 1;
    if (share === 1 || !isWait(state)) continue;
    const look = lookOf(state);
    const high = Math.max(rule, Math.round(h * share));
    waits.rect(x0[i] ?? 0, x1[i] ?? 0, y + h - high, high, look.paint, 1, look.hatch);
  }
  waits.finish();
}
