import { MONO, SANS } from './canvas-surface.ts';
import type { Hatch, Paint, Palette } from './palette.ts';
import { GROUND_ALPHA, strokesOf, TILE } from './patterns.ts';
import type { Surface, TextStyle } from './surface.ts';
import { estimatedWidth } from './text-width.ts';

function round(n: number): string {
  return String(Math.round(n * 100) / 100);
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Collects the same drawing as an SVG document. */
export class SvgSurface implements Surface {
  readonly #palette: Palette;
  readonly #shapes: string[] = [];
  readonly #patterns = new Map<string, string>();

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  rect(x: number, y: number, w: number, h: number, paint: Paint, alpha = 1, hatch: Hatch = 'none'): void {
    const fill = hatch === 'none' ? this.#palette[paint] : this.#pattern(paint, hatch);
    const place = `x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}"`;
    this.#shapes.push(`<rect ${place} fill="${fill}"${this.#alpha(alpha)}/>`);
  }

  path(points: readonly number[], paint: Paint, width: number, alpha = 1, fill = false): void {
    const list = points.map(round).join(' ');
    const colour = this.#palette[paint];
    const look = fill ? `fill="${colour}"` : `fill="none" stroke="${colour}" stroke-width="${width}"`;
    this.#shapes.push(`<polyline points="${list}" ${look}${this.#alpha(alpha)}/>`);
  }

  curve(
    p: readonly [number, number, number, number, number, number, number, number],
    paint: Paint,
    width: number,
  ): void {
    const [x0, y0, ...rest] = p.map(round);
    const look = `fill="none" stroke="${this.#palette[paint]}" stroke-width="${width}"`;
    this.#shapes.push(`<path d="M${x0} ${y0}C${rest.join(' ')}" ${look}/>`);
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const anchor = { left: 'start', right: 'end', center: 'middle' }[style.align ?? 'left'];
    const font = `font-family="${style.mono === true ? MONO : SANS}" font-size="${style.size}"`;
    const weight = style.bold === true ? ' font-weight="600"' : '';
    this.#shapes.push(
      `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" ${font}${weight} fill="${this.#palette[style.paint]}">${escaped(text)}</text>`,
    );
  }

  textWidth(text: string, style: TextStyle): number {
    return estimatedWidth(text, style);
  }

  /** The document, px wide and high. */
  document(width: number, height: number): string {
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
    const defs = [...this.#patterns.values()].join('');
    return `${head}<defs>${defs}</defs>${this.#shapes.join('')}</svg>`;
  }

  #alpha(alpha: number): string {
    return alpha === 1 ? '' : ` opacity="${round(alpha)}"`;
  }

  #pattern(paint: Paint, hatch: Exclude<Hatch, 'none'>): string {
    const id = `${paint}-${hatch}`;
    if (!this.#patterns.has(id)) {
      const colour = this.#palette[paint];
      const { width, lines } = strokesOf(hatch);
      const strokes = lines
        .map(
          ([x0, y0, x1, y1]) =>
            `<path d="M${x0} ${y0}L${x1} ${y1}" stroke="${colour}" stroke-width="${width}"/>`,
        )
        .join('');
      const ground = `<rect width="${TILE}" height="${TILE}" fill="${colour}" opacity="${GROUND_ALPHA}"/>`;
      this.#patterns.set(
        id,
        `<pattern id="${id}" width="${TILE}" height="${TILE}" patternUnits="userSpaceOnUse">${ground}${strokes}</pattern>`,
      );
    }
    return `url(#${id})`;
  }
}
