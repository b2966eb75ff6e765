import { STATE_COUNT, State } from '../../event/index.ts';
import type { Band } from './band.ts';
import { lookOf } from './palette.ts';
import { type Layer, paintStack } from './stack.ts';
import type { Surface } from './surface.ts';

/** From the bottom up; who sleeps by its own will leaves the ground free. */
const ORDER: readonly number[] = [
  State.WAIT_WRITE,
  State.WAIT_READ,
  State.SPIN,
  State.RUNNABLE,
  State.KERNEL,
  State.USER,
];
/** The first of them are waits: that of one thread among hundreds is still one pixel high. */
const WAITS = 3;
const LAYERS: readonly Layer[] = ORDER.map((state, k) => ({
  ...lookOf(state),
  alpha: 1,
  least: k < WAITS ? 1 : 0,
}));

/**
 * How many of a group of threads do what, stacked, waits at the bottom. `shares` is from `stateShares`, with
 * STATE_COUNT values for each of `pixels` device pixels.
 */
export function paintShares(surface: Surface, shares: Float64Array, pixels: number, band: Band): void {
  const sharesAt = (at: number, out: Float64Array): void => {
    for (let k = 0; k < ORDER.length; k++) out[k] = shares[at * STATE_COUNT + (ORDER[k] ?? 0)] ?? 0;
  };
  paintStack(surface, LAYERS, pixels, sharesAt, band);
}
