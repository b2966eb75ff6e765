/** What fills a rectangle: a square of pixels that repeats, as RGBA with alpha not multiplied in. */
export interface Tile {
  readonly size: number;
  readonly pixels: Uint32Array;
}

/** Browsers run on little-endian machines: the first byte, red, is the lowest. */
const ALPHA_SHIFT = 24;
const COLOUR = 0x00ffffff;

/** `source` with `a` of 255 laid over `target`. */
function over(target: number, source: number, a: number): number {
  const below = target >>> ALPHA_SHIFT;
  if (a === 255 || below === 0) return ((source & COLOUR) | (a << ALPHA_SHIFT)) >>> 0;
  // What shows through of the one below.
  const rest = (below * (255 - a)) / 255;
  const sum = a + rest;
  const mix = (shift: number): number => {
    const value = (((source >>> shift) & 255) * a + ((target >>> shift) & 255) * rest) / sum;
    return Math.round(value) << shift;
  };
  return (mix(0) | mix(8) | mix(16) | (Math.round(sum) << ALPHA_SHIFT)) >>> 0;
}

/**
 * A picture in memory to which rectangles are added. A canvas takes one such picture far faster than the
 * ten thousands of rectangles in it.
 */
export class PixelLayer {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8ClampedArray<ArrayBuffer>;
  readonly #pixels: Uint32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.bytes = new Uint8ClampedArray(4 * width * height);
    this.#pixels = new Uint32Array(this.bytes.buffer);
  }

  /** Makes everything transparent. */
  clear(): void {
    this.#pixels.fill(0);
  }

  /** Lays a rectangle over what is there. A pixel of which it covers only a part gets so much less of it. */
  fill(x: number, y: number, w: number, h: number, tile: Tile, alpha: number): void {
    const left = Math.max(0, x);
    const right = Math.min(this.width, x + w);
    const top = Math.max(0, y);
    const bottom = Math.min(this.height, y + h);
    if (!(left < right && top < bottom)) return;
    for (let row = Math.floor(top); row < bottom; row++) {
      const covered = Math.min(bottom, row + 1) - Math.max(top, row);
      this.#fillRow(row, left, right, tile, alpha * covered);
    }
  }

  #fillRow(row: number, left: number, right: number, tile: Tile, alpha: number): void {
    const first = Math.ceil(left);
    const last = Math.floor(right);
    // Both edges may lie in one pixel.
    if (last < first) {
      this.#fillPart(row, last, last + 1, tile, alpha * (right - left));
      return;
    }
    if (first > left) this.#fillPart(row, first - 1, first, tile, alpha * (first - left));
    this.#fillPart(row, first, last, tile, alpha);
    if (right > last) this.#fillPart(row, last, last + 1, tile, alpha * (right - last));
  }

  /** Whole pixels of a row. */
  #fillPart(row: number, left: number, right: number, { size, pixels: source }: Tile, alpha: number): void {
    const pixels = this.#pixels;
    const from = row * this.width;
    if (size === 1) {
      const colour = source[0] as number;
      const a = Math.round((colour >>> ALPHA_SHIFT) * alpha);
      for (let i = from + left; i < from + right; i++) {
        pixels[i] = a === 255 ? colour : over(pixels[i] as number, colour, a);
      }
      return;
    }
    const sourceRow = (row % size) * size;
    let column = left % size;
    for (let i = from + left; i < from + right; i++) {
      const colour = source[sourceRow + column] as number;
      pixels[i] = over(pixels[i] as number, colour, Math.round((colour >>> ALPHA_SHIFT) * alpha));
      if (++column === size) column = 0;
    }
  }
}
