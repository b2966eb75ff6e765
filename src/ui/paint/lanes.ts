import { type Px, State } from '../../event/index.ts';
import { LockMode, type LockRuns, type Runs } from '../../trace/index.ts';
import { lockMaxima } from '../layout/runs.ts';
import { lookOf } from './palette.ts';
import type { Surface } from './surface.ts';

/** A band of the picture that a lane is drawn in. */
export interface Band {
  readonly x: Px;
  readonly y: Px;
  readonly h: Px;
  /** Device pixels per CSS pixel: runs count device pixels. */
  readonly ratio: number;
}

/** A trace of activity that is too short for its pixel is drawn at least so strongly. */
const FAINTEST = 0.3;

function isQuietState(state: number): boolean {
  return state === State.IDLE || state === State.DONE;
}

/** The states of one thread. Waits are always seen; a thread that sleeps by its own will is a thin line. */
export function paintThread(surface: Surface, runs: Runs, band: Band): void {
  const { x, y, h, ratio } = band;
  const rule: Px = h >= 14 ? 2 : 1;
  const middle = Math.round(y + (h - rule) / 2);
  for (let i = 0; i < runs.count; i++) {
    const state = runs.state[i] ?? 0;
    const base = runs.base[i] ?? 0;
    const share = runs.share[i] ?? 1;
    const left = x + (runs.x0[i] ?? 0) / ratio;
    const w = ((runs.x1[i] ?? 0) - (runs.x0[i] ?? 0)) / ratio;
    if (isQuietState(base)) {
      if (base === State.IDLE) surface.rect(left, middle, w, rule, 'idle');
      // Whatever else happened in these pixels was shorter than the sleep.
      if (share < 1 && state === base) {
        const alpha = Math.min(1, Math.max(FAINTEST, Math.sqrt(1 - share)));
        surface.rect(left, y, w, h, 'user', alpha);
      }
      if (state === base) continue;
    } else if (state === base || share < 1) {
      const look = lookOf(base);
      surface.rect(left, y, w, h, look.paint, 1, look.hatch);
    }
    if (state === base) continue;
    const look = lookOf(state);
    surface.rect(left, y, w, h, look.paint, Math.max(0.55, share), look.hatch);
  }
}

/** Who holds a lock: full height for writing; for reading as high as there are readers. */
export function paintOwners(surface: Surface, runs: LockRuns, band: Band): void {
  const { x, y, h, ratio } = band;
  const { readers: most } = lockMaxima(runs);
  for (let i = 0; i < runs.count; i++) {
    const mode = runs.mode[i] ?? 0;
    const readers = runs.readers[i] ?? 0;
    const share = runs.share[i] ?? 1;
    const left = x + (runs.x0[i] ?? 0) / ratio;
    const w = ((runs.x1[i] ?? 0) - (runs.x0[i] ?? 0)) / ratio;
    if (readers > 0) {
      const alpha = mode === LockMode.READ ? 0.45 + 0.55 * share : FAINTEST;
      const high = Math.round(h * (0.45 + (0.55 * readers) / Math.max(1, most)));
      surface.rect(left, y + h - high, w, high, 'hold-read', alpha);
    }
    if (runs.writes[i] === 1) {
      const alpha = mode === LockMode.WRITE ? 0.45 + 0.55 * share : 0.6;
      surface.rect(left, y, w, h, 'hold-write', alpha);
    }
  }
}

/** How many threads wait, as steps; the highest reaches the top of the band. */
export function paintDepth(surface: Surface, runs: LockRuns, band: Band, most: number): void {
  const { x, y, h, ratio } = band;
  const bottom = y + h;
  let line: number[] = [];
  const stroke = (): void => {
    if (line.length > 0) surface.path(line, 'queue', 1.5);
    line = [];
  };
  for (let i = 0; i < runs.count; i++) {
    const left = x + (runs.x0[i] ?? 0) / ratio;
    const right = x + (runs.x1[i] ?? 0) / ratio;
    const depth = runs.depth[i] ?? 0;
    const spinning = runs.spinning[i] ?? 0;
    const high = (h * depth) / Math.max(1, most);
    if (depth === 0) {
      stroke();
      continue;
    }
    surface.rect(left, bottom - high, right - left, high, 'queue', 0.2);
    if (spinning > 0) {
      const spun = (h * spinning) / Math.max(1, most);
      surface.rect(left, bottom - spun, right - left, spun, 'spin', 0.75);
    }
    if (line.length === 0) line.push(left, bottom);
    line.push(left, bottom - high, right, bottom - high);
    if ((runs.depth[i + 1] ?? 0) === 0 || i + 1 === runs.count) line.push(right, bottom);
  }
  stroke();
}
