import type { Px } from '../../event/index.ts';
import type { Hatch, Paint, Palette } from './palette.ts';
import { GROUND_ALPHA, strokesOf, TILE } from './patterns.ts';
import type { Surface, TextStyle } from './surface.ts';
import { estimatedWidth } from './text-width.ts';

/** Samples of a pixel's side for what is not a rectangle. */
const SAMPLES = 4;
/** Straight pieces of a curve. */
const PIECES = 24;

/** How much of something a device pixel shows, 0 to 1. */
type Coverage = (x: number, y: number) => number;

type Point = readonly [number, number];

function rgb(hex: string): readonly [number, number, number] {
  const at = (i: number): number => Number.parseInt(hex.slice(i, i + 2), 16);
  return [at(1), at(3), at(5)];
}

/** How much of the pixel [at, at + 1) lies in [from, to). */
function overlap(at: number, from: number, to: number): number {
  return Math.max(0, Math.min(at + 1, to) - Math.max(at, from));
}

/** Whether a point is no further from a piece of line than half its width; its ends are cut off, or round. */
function onLine([px, py]: Point, [ax, ay]: Point, [bx, by]: Point, width: number, round: boolean): boolean {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : ((px - ax) * dx + (py - ay) * dy) / length2;
  if (!round && (along < 0 || along > 1)) return false;
  const t = Math.max(0, Math.min(1, along));
  const ex = px - ax - t * dx;
  const ey = py - ay - t * dy;
  return ex * ex + ey * ey <= (width * width) / 4;
}

/** Whether a point is inside of a polygon. */
function inside([px, py]: Point, points: readonly Point[]): boolean {
  let odd = false;
  points.forEach(([ax, ay], i) => {
    const [bx, by] = points[(i + 1) % points.length] ?? [ax, ay];
    if (ay > py !== by > py && px < ax + ((py - ay) * (bx - ax)) / (by - ay)) odd = !odd;
  });
  return odd;
}

/** The share of a pixel's samples that are on something. */
function sampled(test: (point: Point) => boolean): Coverage {
  return (x, y) => {
    let n = 0;
    for (let i = 0; i < SAMPLES; i++)
      for (let k = 0; k < SAMPLES; k++) if (test([x + (i + 0.5) / SAMPLES, y + (k + 0.5) / SAMPLES])) n++;
    return n / (SAMPLES * SAMPLES);
  };
}

function pairs(points: readonly number[], ratio: number): Point[] {
  const list: Point[] = [];
  for (let i = 0; i + 1 < points.length; i += 2)
    list.push([(points[i] ?? 0) * ratio, (points[i + 1] ?? 0) * ratio]);
  return list;
}

/**
 * A surface of its own pixels, the same on every machine: only + - * / and comparisons stand between a painter and its
 * colours. For tests; letters are left out, since those are up to fonts.
 */
export class RasterSurface implements Surface {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each device pixel, row by row. */
  readonly pixels: Uint8Array;
  readonly #palette: Palette;
  readonly #ratio: number;

  /** Width and height in CSS pixels. */
  constructor(width: Px, height: Px, palette: Palette, ratio: number, ground: Paint) {
    this.width = Math.round(width * ratio);
    this.height = Math.round(height * ratio);
    this.pixels = new Uint8Array(3 * this.width * this.height);
    this.#palette = palette;
    this.#ratio = ratio;
    const colour = rgb(palette[ground]);
    for (let i = 0; i < this.pixels.length; i++) this.pixels[i] = colour[i % 3] ?? 0;
  }

  rect(x: Px, y: Px, w: Px, h: Px, paint: Paint, alpha = 1, hatch: Hatch = 'none'): void {
    const r = this.#ratio;
    const strength = hatch === 'none' ? () => 1 : this.#hatch(hatch);
    this.#blend(x * r, y * r, (x + w) * r, (y + h) * r, paint, (px, py) => {
      const covered = overlap(px, x * r, (x + w) * r) * overlap(py, y * r, (y + h) * r);
      return alpha * covered * strength(px, py);
    });
  }

  path(points: readonly number[], paint: Paint, width: Px, alpha = 1, fill = false): void {
    const list = pairs(points, this.#ratio);
    const wide = width * this.#ratio;
    const covers = fill ? (p: Point) => inside(p, list) : (p: Point) => this.#along(p, list, wide);
    this.#sampled(list, wide, paint, alpha, covers);
  }

  curve(p: readonly [Px, Px, Px, Px, Px, Px, Px, Px], paint: Paint, width: Px): void {
    const [a, b, c, d] = pairs(p, this.#ratio) as [Point, Point, Point, Point];
    const list = Array.from({ length: PIECES + 1 }, (_, i): Point => {
      const t = i / PIECES;
      const s = 1 - t;
      const at = (k: 0 | 1): number =>
        s * s * s * a[k] + 3 * s * s * t * b[k] + 3 * s * t * t * c[k] + t * t * t * d[k];
      return [at(0), at(1)];
    });
    const wide = width * this.#ratio;
    this.#sampled(list, wide, paint, 1, (point) => this.#along(point, list, wide));
  }

  text(): void {}

  textWidth(text: string, style: TextStyle): Px {
    return estimatedWidth(text, style);
  }

  #along(point: Point, list: readonly Point[], width: number): boolean {
    return list.some((to, i) => i > 0 && onLine(point, list[i - 1] ?? to, to, width, true));
  }

  #sampled(
    list: readonly Point[],
    width: number,
    paint: Paint,
    alpha: number,
    covers: (point: Point) => boolean,
  ): void {
    const xs = list.map(([x]) => x);
    const ys = list.map(([, y]) => y);
    const coverage = sampled(covers);
    this.#blend(
      Math.min(...xs) - width,
      Math.min(...ys) - width,
      Math.max(...xs) + width,
      Math.max(...ys) + width,
      paint,
      (x, y) => alpha * coverage(x, y),
    );
  }

  /** A tile repeats from the corner of the picture on, strokes over a tinted ground. */
  #hatch(hatch: Exclude<Hatch, 'none'>): Coverage {
    const scale = Math.max(1, Math.round(this.#ratio));
    const side = TILE * scale;
    const { width, lines } = strokesOf(hatch);
    const strokes = lines.map(([x0, y0, x1, y1]) =>
      sampled((p) => onLine(p, [x0 * scale, y0 * scale], [x1 * scale, y1 * scale], width * scale, false)),
    );
    const tile = Array.from({ length: side * side }, (_, i) => {
      const x = i % side;
      const y = (i - x) / side;
      return strokes.reduce((alpha, stroke) => alpha + (1 - alpha) * stroke(x, y), GROUND_ALPHA);
    });
    return (x, y) => tile[(y % side) * side + (x % side)] ?? 0;
  }

  #blend(x0: number, y0: number, x1: number, y1: number, paint: Paint, coverage: Coverage): void {
    const colour = rgb(this.#palette[paint]);
    const { width, height, pixels } = this;
    for (let y = Math.max(0, Math.floor(y0)); y < Math.min(height, Math.ceil(y1)); y++) {
      for (let x = Math.max(0, Math.floor(x0)); x < Math.min(width, Math.ceil(x1)); x++) {
        const share = coverage(x, y);
        const at = 3 * (y * width + x);
        for (let k = 0; k < 3; k++) {
          const below = pixels[at + k] ?? 0;
          pixels[at + k] = Math.round(below + ((colour[k] ?? 0) - below) * share);
        }
      }
    }
  }
}
