/** What fills a rectangle: a square of pixels that repeats, as RGBA with alpha not multiplied in. */
export interface Tile {
  readonly size: number;
  readonly pixels: Uint32Array;
}

/** Browsers run on little-endian machines: the first byte, red, is the lowest. */
const ALPHA_SHIFT = 24;
const COLOUR = 0x00ffffff;
const OPAQUE = 0xff << ALPHA_SHIFT;

/** x / 255, rounded, for whole x up to 65,535. */
function by255(x: number): number {
  return Math.imul(x + 128, 257) >>> 16;
}

/** A colour with so much less alpha. */
function shade(colour: number, alpha: number): number {
  if (alpha === 1) return colour;
  return (colour & COLOUR) | (Math.round((colour >>> ALPHA_SHIFT) * alpha) << ALPHA_SHIFT);
}

/** `source` laid over `target`, which is not quite transparent. */
function over(target: number, source: number): number {
  if (target >>> ALPHA_SHIFT !== 255) return overTranslucent(target, source);
  const a = source >>> ALPHA_SHIFT;
  const rest = 255 - a;
  const red = by255((source & 255) * a + (target & 255) * rest);
  const green = by255(((source >>> 8) & 255) * a + ((target >>> 8) & 255) * rest);
  const blue = by255(((source >>> 16) & 255) * a + ((target >>> 16) & 255) * rest);
  return red | (green << 8) | (blue << 16) | OPAQUE;
}

function overTranslucent(target: number, source: number): number {
  const a = source >>> ALPHA_SHIFT;
  // What shows through of one that is translucent itself.
  const seen = ((target >>> ALPHA_SHIFT) * (255 - a)) / 255;
  const sum = a + seen;
  const mix = (shift: number): number => {
    const value = (((source >>> shift) & 255) * a + ((target >>> shift) & 255) * seen) / sum;
    return Math.round(value) << shift;
  };
  return mix(0) | mix(8) | mix(16) | (Math.round(sum) << ALPHA_SHIFT);
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
    const left = x > 0 ? x : 0;
    const top = y > 0 ? y : 0;
    const right = x + w < this.width ? x + w : this.width;
    const bottom = y + h < this.height ? y + h : this.height;
    if (!(left < right && top < bottom)) return;
    // Most have whole pixels: to ask each of them in words takes longer than to fill it.
    if (left >>> 0 === left && top >>> 0 === top && right >>> 0 === right && bottom >>> 0 === bottom) {
      this.#fillWhole(left, top, right, bottom, tile, alpha);
      return;
    }
    for (let row = Math.floor(top); row < bottom; row++) {
      const covered = Math.min(bottom, row + 1) - Math.max(top, row);
      this.#fillRow(row, left, right, tile, alpha * covered);
    }
  }

  #fillRow(row: number, left: number, right: number, tile: Tile, alpha: number): void {
    const first = Math.ceil(left);
    const last = Math.floor(right);
    const part = (from: number, share: number): void =>
      this.#fillWhole(from, row, from + 1, row + 1, tile, alpha * share);
    // Both edges may lie in one pixel.
    if (last < first) {
      part(last, right - left);
      return;
    }
    if (first > left) part(first - 1, first - left);
    this.#fillWhole(first, row, last, row + 1, tile, alpha);
    if (right > last) part(last, right - last);
  }

  /** Whole pixels, all within the picture. */
  #fillWhole(left: number, top: number, right: number, bottom: number, tile: Tile, alpha: number): void {
    const { size, pixels: source } = tile;
    if (size === 1) {
      this.#fillPlain(left, top, right, bottom, shade(source[0] as number, alpha));
      return;
    }
    const pixels = this.#pixels;
    const { width } = this;
    const first = left % size;
    const end = size * size;
    let row = (top % size) * size;
    const last = bottom * width;
    for (let from = top * width; from < last; from += width) {
      let column = first;
      for (let i = from + left; i < from + right; i++) {
        const colour =
          alpha === 1 ? (source[row + column] as number) : shade(source[row + column] as number, alpha);
        const below = pixels[i] as number;
        // Nothing is below, or nothing shows of it: by far the most.
        pixels[i] =
          below >>> ALPHA_SHIFT === 0 || colour >>> ALPHA_SHIFT === 255 ? colour : over(below, colour);
        if (++column === size) column = 0;
      }
      row += size;
      if (row === end) row = 0;
    }
  }

  #fillPlain(left: number, top: number, right: number, bottom: number, colour: number): void {
    const pixels = this.#pixels;
    const { width } = this;
    const opaque = colour >>> ALPHA_SHIFT === 255;
    const last = bottom * width;
    for (let from = top * width; from < last; from += width) {
      for (let i = from + left; i < from + right; i++) {
        const below = pixels[i] as number;
        pixels[i] = opaque || below >>> ALPHA_SHIFT === 0 ? colour : over(below, colour);
      }
    }
  }
}
