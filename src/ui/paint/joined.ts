import type { Px } from '../../event/index.ts';
import type { Band } from './band.ts';
import type { Hatch, Paint } from './palette.ts';
import type { Surface } from './surface.ts';

/**
 * Draws rectangles that come from left to right, those that join and look the same as one: what is far away has as many
 * runs as pixels, but looks the same over many of them.
 */
export class Joined {
  readonly #surface: Surface;
  readonly #x: Px;
  readonly #ratio: number;
  #from = 0;
  #to = 0;
  #y: Px = 0;
  #h: Px = 0;
  #paint: Paint = 'bg';
  #alpha = 1;
  #hatch: Hatch = 'none';

  constructor(surface: Surface, { x, ratio }: Pick<Band, 'x' | 'ratio'>) {
    this.#surface = surface;
    this.#x = x;
    this.#ratio = ratio;
  }

  /** A rectangle over the device pixels [from, to) of the band. */
  rect(from: number, to: number, y: Px, h: Px, paint: Paint, alpha = 1, hatch: Hatch = 'none'): void {
    if (
      from === this.#to &&
      y === this.#y &&
      h === this.#h &&
      paint === this.#paint &&
      alpha === this.#alpha &&
      hatch === this.#hatch
    ) {
      this.#to = to;
      return;
    }
    this.finish();
    this.#from = from;
    this.#to = to;
    this.#y = y;
    this.#h = h;
    this.#paint = paint;
    this.#alpha = alpha;
    this.#hatch = hatch;
  }

  /** Draws what is left. */
  finish(): void {
    const from = this.#from;
    const width = this.#to - from;
    this.#from = this.#to;
    if (width <= 0) return;
    const ratio = this.#ratio;
    const left = this.#x + from / ratio;
    this.#surface.rect(left, this.#y, width / ratio, this.#h, this.#paint, this.#alpha, this.#hatch);
  }
}
