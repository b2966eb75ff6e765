import type { Px } from '../../event/index.ts';
import type { Band } from './band.ts';
import type { Hatch, Paint } from './palette.ts';
import type { Surface } from './surface.ts';

/** One part of a stack, as it looks and how high it is at least where there is any of it. */
export interface Layer {
  readonly paint: Paint;
  readonly hatch: Hatch;
  readonly alpha: number;
  readonly least: Px;
}

/** Where a layer stands in a pixel column; neighbours alike are painted as one. */
interface Step {
  from: number;
  top: Px;
  bottom: Px;
}

/**
 * Layers on top of each other over `pixels` device pixels, from the bottom up. `sharesAt` writes the share of the
 * band's height that each layer has at a pixel.
 */
export function paintStack(
  surface: Surface,
  layers: readonly Layer[],
  pixels: number,
  sharesAt: (at: number, out: Float64Array) => void,
  { x, y, h, ratio }: Band,
): void {
  const steps: Step[] = layers.map(() => ({ from: 0, top: 0, bottom: 0 }));
  const shares = new Float64Array(layers.length);
  for (let at = 0; at <= pixels; at++) {
    shares.fill(0);
    if (at < pixels) sharesAt(at, shares);
    let sum = 0;
    let below = 0;
    for (let k = 0; k < layers.length; k++) {
      const { paint, hatch, alpha, least } = layers[k] as Layer;
      const step = steps[k] as Step;
      const share = shares[k] as number;
      sum += share;
      const wanted = Math.round(h * Math.min(1, sum) * ratio) / ratio;
      const above = Math.min(h, Math.max(below + (share > 0 ? least : 0), wanted));
      if (step.top !== above || step.bottom !== below || at === pixels) {
        if (step.top > step.bottom) {
          const w = (at - step.from) / ratio;
          const height = step.top - step.bottom;
          surface.rect(x + step.from / ratio, y + h - step.top, w, height, paint, alpha, hatch);
        }
        step.from = at;
        step.top = above;
        step.bottom = below;
      }
      below = above;
    }
  }
}
