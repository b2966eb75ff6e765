import type { Hatch, Paint, Palette } from './palette.ts';
import { GROUND_ALPHA, strokesOf, TILE } from './patterns.ts';
import { PixelLayer, type Tile } from './pixel-layer.ts';
import type { Surface, TextStyle } from './surface.ts';

export const SANS = "'Inter Variable', system-ui, sans-serif";
export const MONO = "'JetBrains Mono Variable', ui-monospace, monospace";

/** So many widths of texts are kept. */
const MOST_WIDTHS = 4_096;

function fontOf({ bold, size, mono }: TextStyle): string {
  return `${bold === true ? 600 : 450} ${size}px ${mono === true ? MONO : SANS}`;
}

/** So many rectangles are put together in memory; fewer are drawn one by one. */
const MANY = 256;

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly paint: Paint;
  readonly alpha: number;
  readonly hatch: Hatch;
}

/**
 * Draws for a canvas whose bitmap has `ratio` device pixels per CSS pixel. Rectangles with which a picture begins go into
 * one in memory, which the canvas gets before anything else is drawn on it. Nothing is seen of a picture before `show`.
 */
export class CanvasSurface implements Surface {
  readonly #context: CanvasRenderingContext2D;
  readonly #palette: Palette;
  readonly #ratio: number;
  readonly #patterns = new Map<string, CanvasPattern | string>();
  /** By hatch: to make a key of both for each rectangle would cost more than to draw it. */
  readonly #tiles: Readonly<Record<Hatch, Map<Paint, Tile>>> = {
    none: new Map(),
    rising: new Map(),
    falling: new Map(),
    dense: new Map(),
  };
  /** By font and text. */
  readonly #widths = new Map<string, number>();
  /** Rectangles with which the picture begins, as long as they are few. */
  readonly #first: Rect[] = [];
  /** What is drawn on the canvas behind those. */
  readonly #rest: (() => void)[] = [];
  #layer: PixelLayer | null = null;
  /** The font that is set, '' where that is not known: a canvas reads it anew whenever it is set, the same or not. */
  #font = '';
  /** Size of the bitmap that the picture needs. */
  #width = 0;
  #height = 0;
  /** The picture begins with more rectangles than are drawn one by one: they are in the layer. */
  #layered = false;
  /** Where rectangles go now. */
  #into: 'first' | 'layer' | 'rest' = 'rest';

  constructor(context: CanvasRenderingContext2D, palette: Palette, ratio: number) {
    this.#context = context;
    this.#palette = palette;
    this.#ratio = ratio;
  }

  /** Begins a picture, so many device pixels large; one that was begun before is forgotten. */
  begin(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    this.#first.length = 0;
    this.#rest.length = 0;
    this.#layered = false;
    this.#into = 'first';
  }

  /** Puts the picture on the canvas in place of the one that is there. */
  show(): void {
    const g = this.#context;
    const { canvas } = g;
    const width = this.#width;
    const height = this.#height;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      // With a new bitmap, all that was set is forgotten.
      this.#font = '';
    }
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, width, height);
    g.scale(this.#ratio, this.#ratio);
    const layer = this.#layer;
    if (this.#layered && layer !== null) {
      g.putImageData(new ImageData(layer.bytes, layer.width, layer.height), 0, 0);
    }
    for (const { x, y, w, h, paint, alpha, hatch } of this.#first)
      this.#draw(x, y, w, h, paint, alpha, hatch);
    for (const draw of this.#rest) draw();
    // Nothing of it need be kept.
    this.begin(width, height);
  }

  rect(x: number, y: number, w: number, h: number, paint: Paint, alpha = 1, hatch: Hatch = 'none'): void {
    if (this.#into === 'layer') this.#put(x, y, w, h, paint, alpha, hatch);
    else if (this.#into === 'rest') this.#rest.push(() => this.#draw(x, y, w, h, paint, alpha, hatch));
    else {
      this.#first.push({ x, y, w, h, paint, alpha, hatch });
      if (this.#first.length === MANY) this.#beginLayer();
    }
  }

  #beginLayer(): void {
    const width = this.#width;
    const height = this.#height;
    if (this.#layer?.width === width && this.#layer.height === height) this.#layer.clear();
    else this.#layer = new PixelLayer(width, height);
    this.#layered = true;
    this.#into = 'layer';
    for (const { x, y, w, h, paint, alpha, hatch } of this.#first.splice(0)) {
      this.#put(x, y, w, h, paint, alpha, hatch);
    }
  }

  /** What is drawn once the rectangles with which the picture begins are on the canvas; so are those behind it. */
  #later(draw: (g: CanvasRenderingContext2D) => void): void {
    this.#into = 'rest';
    this.#rest.push(() => draw(this.#context));
  }

  #put(x: number, y: number, w: number, h: number, paint: Paint, alpha: number, hatch: Hatch): void {
    const ratio = this.#ratio;
    this.#layer?.fill(x * ratio, y * ratio, w * ratio, h * ratio, this.#tile(paint, hatch), alpha);
  }

  #draw(x: number, y: number, w: number, h: number, paint: Paint, alpha: number, hatch: Hatch): void {
    const g = this.#context;
    g.globalAlpha = alpha;
    g.fillStyle = hatch === 'none' ? this.#palette[paint] : this.#pattern(paint, hatch);
    g.fillRect(x, y, w, h);
  }

  path(points: readonly number[], paint: Paint, width: number, alpha = 1, fill = false): void {
    this.#later((g) => {
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
    });
  }

  curve(
    p: readonly [number, number, number, number, number, number, number, number],
    paint: Paint,
    width: number,
  ): void {
    this.#later((g) => {
      g.globalAlpha = 1;
      g.beginPath();
      g.moveTo(p[0], p[1]);
      g.bezierCurveTo(p[2], p[3], p[4], p[5], p[6], p[7]);
      g.strokeStyle = this.#palette[paint];
      g.lineWidth = width;
      g.stroke();
    });
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    this.#later((g) => {
      g.globalAlpha = 1;
      this.#setFont(fontOf(style));
      g.textAlign = style.align ?? 'left';
      g.textBaseline = 'alphabetic';
      g.fillStyle = this.#palette[style.paint];
      g.fillText(text, x, y);
    });
  }

  textWidth(text: string, style: TextStyle): number {
    const font = fontOf(style);
    const key = `${font} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    this.#setFont(font);
    const { width } = this.#context.measureText(text);
    if (this.#widths.size >= MOST_WIDTHS) this.#widths.clear();
    // Of a font that stands in for one under way nothing is kept.
    if (document.fonts.status === 'loaded') this.#widths.set(key, width);
    return width;
  }

  #setFont(font: string): void {
    if (font !== this.#font) this.#context.font = font;
    this.#font = font;
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
    const g = makeTile(colour, hatch, this.#ratio);
    const pattern = g === null ? null : this.#context.createPattern(g.canvas, 'repeat');
    pattern?.setTransform(new DOMMatrix([1 / this.#ratio, 0, 0, 1 / this.#ratio, 0, 0]));
    return pattern;
  }

  #tile(paint: Paint, hatch: Hatch): Tile {
    const tiles = this.#tiles[hatch];
    const known = tiles.get(paint);
    if (known !== undefined) return known;
    const tile = readTile(makeTile(this.#palette[paint], hatch, this.#ratio));
    tiles.set(paint, tile);
    return tile;
  }
}

function readTile(g: CanvasRenderingContext2D | null): Tile {
  if (g === null) return { size: 1, pixels: new Uint32Array(1) };
  const { width: size } = g.canvas;
  return { size, pixels: new Uint32Array(g.getImageData(0, 0, size, size).data.buffer) };
}

/** A canvas with one tile of a hatch, or with one pixel where there is none. */
function makeTile(colour: string, hatch: Hatch, ratio: number): CanvasRenderingContext2D | null {
  const tile = document.createElement('canvas');
  // Whole pixels, whatever the ratio: a hatch is to be sharp, not of an exact width.
  const size = hatch === 'none' ? 1 : Math.max(TILE, Math.round(TILE * ratio));
  tile.width = tile.height = size;
  const g = tile.getContext('2d');
  if (g === null) return null;
  g.fillStyle = colour;
  if (hatch === 'none') {
    g.fillRect(0, 0, 1, 1);
    return g;
  }
  g.scale(size / TILE, size / TILE);
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
  return g;
}
