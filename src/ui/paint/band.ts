import type { Px } from '../../event/index.ts';

/** A band of the picture that a lane is drawn in. */
export interface Band {
  readonly x: Px;
  readonly y: Px;
  readonly h: Px;
  /** Device pixels per CSS pixel: runs count device pixels. */
  readonly ratio: number;
}

/** A trace of activity that is too short for its pixel is drawn at least so strongly. */
export const FAINTEST = 0.3;
