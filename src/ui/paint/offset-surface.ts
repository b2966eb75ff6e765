import type { Px } from '../../event/index.ts';
import type { Surface } from './surface.ts';

/** The same surface with its origin elsewhere. */
export function offsetSurface(surface: Surface, dx: Px, dy: Px): Surface {
  const moved = (points: readonly number[]): number[] => points.map((v, i) => v + (i % 2 === 0 ? dx : dy));
  return {
    rect: (x, y, w, h, paint, alpha, hatch) => surface.rect(x + dx, y + dy, w, h, paint, alpha, hatch),
    path: (points, paint, width, alpha, fill) => surface.path(moved(points), paint, width, alpha, fill),
    curve: ([a, b, c, d, e, f, g, h], paint, width) =>
      surface.curve([a + dx, b + dy, c + dx, d + dy, e + dx, f + dy, g + dx, h + dy], paint, width),
    text: (x, y, text, style) => surface.text(x + dx, y + dy, text, style),
    textWidth: (text, style) => surface.textWidth(text, style),
  };
}
