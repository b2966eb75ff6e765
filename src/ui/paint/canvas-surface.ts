import type { Hatch, Paint, Palette } from './palette.ts';
import { GROUND_ALPHA, strokesOf, TILE } from './patterns.ts';
import type { Surface, TextStyle } from './surface.ts';

export const SANS = "'Inter Variable', system-ui, sans-serif";
export const MONO = "'JetBrains Mono Variable', ui-monospace, monospace";

/** Draws on a canvas whose bitmap has `ratio` device pixels per CSS pixel. */
export class CanvasSurface implements Surface {
  readonly #context: CanvasRenderingContext2D;
  readonly #palette: Palette;
  readonly #ratio: number;
  readonly #patterns = new Map<string, CanvasPattern | string>();

  constructor(context: CanvasRenderingContext2D, palette: Palette, ratio: number) {
    this.#context = context;
    this.#palette = palette;
    this.#ratio = ratio;
  }

  /** Begins a frame: clears everything and scales to CSS pixels. */
  begin(): void {
    const { canvas } = this.#context;
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, canvas.width, canvas.height);
    this.#context.scale(this.#ratio, this.#ratio);
  }

  rect(x: number, y: number, w: number, h: number, paint: Paint, alpha = 1, hatch: Hatch = 'none'): void {
    const g = this.#context;
    g.globalAlpha = alpha;
    g.fillStyle = hatch === 'none' ? this.#palette[paint] : this.#pattern(paint, hatch);
    g.fillRect(x, y, w, h);
  }

  path(points: readonly number[], paint: Paint, width: number, alpha = 1, fill = false): void {
    const g = this.#context;
    g.globalAlpha = alpha;
    g.beginPath();
    for (let i = 0; i + 1 < points.length; i += 2) g.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
    if (fill) {
      g.fillStyle = this.#palette[paint];
      g.fill();
      return;
    }
    g.strokeStyle = this.#palette[paint];
    g.lineWidth = width;
    g.lineJoin = 'round';
    g.stroke();
  }

  curve(
    p: readonly [number, number, number, number, number, number, number, number],
    paint: Paint,
    width: number,
  ): void {
    const g = this.#context;
    g.globalAlpha = 1;
    g.beginPath();
    g.moveTo(p[0], p[1]);
    g.bezierCurveTo(p[2], p[3], p[4], p[5], p[6], p[7]);
    g.strokeStyle = this.#palette[paint];
    g.lineWidth = width;
    g.stroke();
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const g = this.#context;
    g.globalAlpha = 1;
    g.font = `${style.bold === true ? 600 : 450} ${style.size}px ${style.mono === true ? MONO : SANS}`;
    g.textAlign = style.align ?? 'left';
    g.textBaseline = 'alphabetic';
    g.fillStyle = this.#palette[style.paint];
    g.fillText(text, x, y);
  }

  #pattern(paint: Paint, hatch: Exclude<Hatch, 'none'>): CanvasPattern | string {
    const key = `${paint} ${hatch}`;
    const known = this.#patterns.get(key);
    if (known !== undefined) return known;
    const pattern = this.#makePattern(this.#palette[paint], hatch) ?? this.#palette[paint];
    this.#patterns.set(key, pattern);
    return pattern;
  }

  #makePattern(colour: string, hatch: Exclude<Hatch, 'none'>): CanvasPattern | null {
    const tile = document.createElement('canvas');
    const scale = Math.max(1, Math.round(this.#ratio));
    tile.width = tile.height = TILE * scale;
    const g = tile.getContext('2d');
    if (g === null) return null;
    g.scale(scale, scale);
    g.fillStyle = colour;
    g.globalAlpha = GROUND_ALPHA;
    g.fillRect(0, 0, TILE, TILE);
    g.globalAlpha = 1;
    g.strokeStyle = colour;
    const { width, lines } = strokesOf(hatch);
    g.lineWidth = width;
    for (const [x0, y0, x1, y1] of lines) {
      g.beginPath();
      g.moveTo(x0, y0);
      g.lineTo(x1, y1);
      g.stroke();
    }
    const pattern = this.#context.createPattern(tile, 'repeat');
    pattern?.setTransform(new DOMMatrix([1 / scale, 0, 0, 1 / scale, 0, 0]));
    return pattern;
  }
}
