import type { Px } from '../../event/index.ts';
import { type LockInterval, LockMode, type LockRuns, MarkKind } from '../../trace/index.ts';
import type { Window } from '../layout/runs.ts';
import { type Band, FAINTEST } from './band.ts';
import { Joined } from './joined.ts';
import { markRuns } from './locks.ts';
import type { Surface } from './surface.ts';

/** The line of an even count; a part of a pixel in which it is odd is at least as high. */
const EVEN: Px = 2;
/** From an edge of a grace period to its text, and its size. */
const INSET: Px = 5;
const LETTERS = { paint: 'fg', size: 10 } as const;
/** An abort's mark: half its width beyond its pixels, and its height. */
const REACH: Px = 2.5;
const MARK: Px = 5;
const MARK_LINE: Px = 1.5;

/** A sequence count: a thin line while it is even; a block while it is odd, of a pixel as high as its share of it. */
export function paintSequence(surface: Surface, runs: LockRuns, band: Band): void {
  const { y, h } = band;
  const even = new Joined(surface, band);
  const odd = new Joined(surface, band);
  for (let i = 0; i < runs.count; i++) {
    even.rect(runs.x0[i] ?? 0, runs.x1[i] ?? 0, y + h - EVEN, EVEN, 'hold-read');
  }
  even.finish();
  for (let i = 0; i < runs.count; i++) {
    if (runs.writes[i] !== 1) continue;
    const share = runs.share[i] ?? 1;
    const part = runs.mode[i] === LockMode.WRITE ? share : 1 - share;
    const high = Math.max(EVEN, Math.round(h * part));
    odd.rect(runs.x0[i] ?? 0, runs.x1[i] ?? 0, y + h - high, high, 'hold-write');
  }
  odd.finish();
}

/** Grace periods, each with how many wait for its end where there is room; tinted by their share where they are many. */
export function paintGrace(
  surface: Surface,
  runs: LockRuns,
  spans: readonly LockInterval[],
  { range, pixels, ratio }: Window,
  { x, y, h }: Band,
): void {
  const width = pixels / ratio;
  const placeOf = (t: number): Px =>
    x + Math.max(0, Math.min(width, ((t - range.from) / (range.to - range.from)) * width));
  for (const { startNs, endNs, readers } of spans) {
    if (readers === 0) continue;
    const [left, right] = [placeOf(startNs), placeOf(endNs)];
    surface.rect(left, y, Math.max(1, right - left - 1), h, 'level', 0.45);
    if (startNs >= range.from) surface.rect(left, y, 2, h, 'level');
    const text = readers === 1 ? '1 callback' : `${readers} callbacks`;
    for (const words of [text, String(readers)]) {
      if (surface.textWidth(words, LETTERS) + 2 * INSET > right - left) continue;
      surface.text(left + INSET, y + h - 3, words, LETTERS);
      break;
    }
  }
  if (spans.length > 0) return;
  for (let i = 0; i < runs.count; i++) {
    if ((runs.readers[i] ?? 0) === 0) continue;
    const share = runs.share[i] ?? 1;
    const there = runs.mode[i] === LockMode.READ ? share : 1 - share;
    const left = x + (runs.x0[i] ?? 0) / ratio;
    const w = ((runs.x1[i] ?? 0) - (runs.x0[i] ?? 0)) / ratio;
    surface.rect(left, y, w, h, 'level', Math.max(FAINTEST, there));
  }
}

/** Aborts of a thread, `bits` being from `abortPixels`: crosses in its lane, or teeth where they run into each other. */
export function paintAborts(surface: Surface, bits: Uint8Array, pixels: number, band: Band): void {
  const { x, y, h, ratio } = band;
  const high = Math.min(MARK, Math.ceil(h / 2));
  const runs = markRuns(bits, pixels, MarkKind.ABORT, x, ratio);
  runs.forEach(([left, right], i) => {
    const near =
      (runs[i + 1]?.[0] ?? Infinity) - right < 2 * REACH || left - (runs[i - 1]?.[1] ?? -1e9) < 2 * REACH;
    if (near || right - left > 2) surface.rect(left, y, Math.max(1, right - left), high, 'fg');
    else {
      const middle = (left + right) / 2;
      const [from, to, half] = [middle - REACH, middle + REACH, y + high / 2];
      // Both strokes as one line, by way of the middle.
      const cross = [from, y, to, y + high, middle, half, to, y, from, y + high];
      surface.path(cross, 'fg', MARK_LINE);
    }
  });
}
