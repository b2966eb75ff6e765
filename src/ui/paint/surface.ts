import type { Px } from '../../event/index.ts';
import type { Hatch, Paint } from './palette.ts';

export interface TextStyle {
  readonly paint: Paint;
  readonly size: Px;
  readonly mono?: boolean;
  readonly bold?: boolean;
  readonly align?: 'left' | 'right' | 'center';
}

/** What painters draw on, in CSS pixels: a canvas, or an SVG document. */
export interface Surface {
  rect(x: Px, y: Px, w: Px, h: Px, paint: Paint, alpha?: number, hatch?: Hatch): void;
  /** Points as x, y, x, y, …; closed and filled where `fill` says so. */
  path(points: readonly number[], paint: Paint, width: Px, alpha?: number, fill?: boolean): void;
  /** A cubic curve from a to b. */
  curve(points: readonly [Px, Px, Px, Px, Px, Px, Px, Px], paint: Paint, width: Px): void;
  /** Baseline at `y`. */
  text(x: Px, y: Px, text: string, style: TextStyle): void;
  /** How wide a text is in a style. */
  textWidth(text: string, style: TextStyle): Px;
}
