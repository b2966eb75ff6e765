import type { Surface } from './surface.ts';

/** A surface on which lines and letters wait until `finish`. */
export interface MarksLast extends Surface {
  finish(): void;
}

/**
 * Puts whatever is no rectangle off to the end: a canvas takes rectangles fastest as long as nothing else is on it. For
 * pictures in which no rectangle lies over a line or a letter that was drawn before it.
 */
export function marksLast(surface: Surface): MarksLast {
  const waiting: (() => void)[] = [];
  return {
    rect: (x, y, w, h, paint, alpha, hatch) => surface.rect(x, y, w, h, paint, alpha, hatch),
    path: (...args) => void waiting.push(() => surface.path(...args)),
    curve: (...args) => void waiting.push(() => surface.curve(...args)),
    textWidth: (text, style) => surface.textWidth(text, style),
    text: (...args) => void waiting.push(() => surface.text(...args)),
    finish: () => {
      for (const draw of waiting.splice(0)) draw();
    },
  };
}
