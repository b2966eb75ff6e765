import type { Px } from '../../event/index.ts';

const clamp = (least: Px, wanted: Px, most: Px): Px => Math.round(Math.max(least, Math.min(wanted, most)));

/** Widths at the sides of the time view that suit a window, before anybody has drawn at them. */
export function codeWidth(window: Px): Px {
  return clamp(300, window * 0.286, 440);
}

export function inspectorWidth(window: Px): Px {
  return clamp(220, window * 0.195, 300);
}

/** Less than this and something would be cut or covered. Together they leave room in a window 1024 px wide. */
export const LEAST = { code: 240, view: 400, inspector: 200, work: 300 } as const;

/** Less would be hard to hit. */
const TAB: Px = 24;

/** The figures of the run stand in a strip as high as the tabs at least; on a high window its map has more room. */
export function stripHeight(window: Px, tabs: number): Px {
  return clamp(Math.max(108, tabs * TAB), window * 0.135, 200);
}

/** What explains the figures opens to more at first. */
export const DRAWER_HEIGHT: Px = 236;
