/** What fills a rectangle: a square of pixels that repeats, as RGBA with alpha not multiplied in. */
export interface Tile {
  readonly size: number;
  readonly pixels: Uint32Array;
}

/** Browsers run on little-endian machines: the first byte, red, is the lowest. */
const ALPHA_SHIFT = 24;
const COLOUR = 0x00ffffff;

/** x / 255, rounded, for whole x up to 65,535. */
function by255(x: number): number {
  return Math.imul(x + 128, 257) >>> 16;
}

/** A colour with so much less alpha. */
function shade(colour: number, alpha: number): number {
  if (alpha === 1) return colour;
  return (colour & COLOUR) | (Math.round((colour >>> ALPHA_SHIFT) * alpha) << ALPHA_SHIFT);
}

/**
 * A picture in memory to which rectangles are added. A canvas takes one such picture far faster than the
 * ten thousands of rectangles in it.
 */
export class PixelLayer {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8ClampedArray<ArrayBuffer>;
  /** Signed, as are colours below: numbers of 32 bits without a sign are objects to browsers while they are in no array. */
  readonly #pixels: Int32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.bytes = new Uint8ClampedArray(4 * width * height);
    this.#pixels = new Int32Array(this.bytes.buffer);
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
      this.#fillPlain(left, top, right, bottom, shade((source[0] as number) | 0, alpha));
      return;
    }
    const pixels = this.#pixels;
    const { width } = this;
    const first = left % size;
    const end = size * size;
    const whole = alpha === 1;
    let row = (top % size) * size;
    const last = bottom * width;
    for (let from = top * width; from < last; from += width) {
      let column = first;
      for (let i = from + left; i < from + right; i++) {
        const plain = (source[row + column] as number) | 0;
        const colour = whole ? plain : shade(plain, alpha);
        // Nothing is below, or nothing shows of it: by far the most.
        if (pixels[i] === 0 || colour >>> ALPHA_SHIFT === 255) pixels[i] = colour;
        else this.#lay(i, colour & COLOUR, colour >>> ALPHA_SHIFT);
        if (++column === size) column = 0;
      }
      row += size;
      if (row === end) row = 0;
    }
  }

  #fillPlain(left: number, top: number, right: number, bottom: number, colour: number): void {
    const pixels = this.#pixels;
    const { width } = this;
    const a = colour >>> ALPHA_SHIFT;
    const last = bottom * width;
    for (let from = top * width; from < last; from += width) {
      for (let i = from + left; i < from + right; i++) {
        if (a === 255 || pixels[i] === 0) pixels[i] = colour;
        else this.#lay(i, colour & COLOUR, a);
      }
    }
  }

  /** Lays a colour with an alpha of `a` (up to 255) over pixel `i`. */
  #lay(i: number, colour: number, a: number): void {
    const { bytes } = this;
    const at = 4 * i;
    const red = colour & 255;
    const green = (colour >>> 8) & 255;
    const blue = colour >>> 16;
    const below = bytes[at + 3] as number;
    const rest = 255 - a;
    if (below === 0) {
      this.#pixels[i] = colour | (a << ALPHA_SHIFT);
      return;
    }
    if (below === 255) {
      bytes[at] = by255(red * a + (bytes[at] as number) * rest);
      bytes[at + 1] = by255(green * a + (bytes[at + 1] as number) * rest);
      bytes[at + 2] = by255(blue * a + (bytes[at + 2] as number) * rest);
      return;
    }
    // What shows through of one that is translucent itself.
    const seen = (below * rest) / 255;
    const sum = a + seen;
    bytes[at] = Math.round((red * a + (bytes[at] as number) * seen) / sum);
    bytes[at + 1] = Math.round((green * a + (bytes[at + 1] as number) * seen) / sum);
    bytes[at + 2] = Math.round((blue * a + (bytes[at + 2] as number) * seen) / sum);
    bytes[at + 3] = Math.round(sum);
  }
}
