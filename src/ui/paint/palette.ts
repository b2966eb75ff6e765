import { State } from '../../event/index.ts';

/** Names of the colours that painters use: custom properties of styles/palette.css without their dashes. */
export const PAINTS = [
  'bg',
  'panel',
  'raised',
  'line',
  'line-strong',
  'fg',
  'dim',
  'accent',
  'on-accent',
  'accent-wash',
  'user',
  'kernel',
  'spin',
  'wait-read',
  'wait-write',
  'runnable',
  'idle',
  'hold-read',
  'hold-write',
  'queue',
  'level',
  'level-high',
  'bad',
] as const;
export type Paint = (typeof PAINTS)[number];
export type Palette = Readonly<Record<Paint, string>>;

/** The palette in force for an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    PAINTS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Palette;
}

/** Second cue beside the colour. */
export type Hatch = 'none' | 'rising' | 'falling' | 'dense';

export interface StateLook {
  readonly paint: Paint;
  readonly hatch: Hatch;
}

const LOOKS: Readonly<Record<number, StateLook>> = {
  [State.USER]: { paint: 'user', hatch: 'none' },
  [State.KERNEL]: { paint: 'kernel', hatch: 'none' },
  [State.SPIN]: { paint: 'spin', hatch: 'dense' },
  [State.WAIT_READ]: { paint: 'wait-read', hatch: 'rising' },
  [State.WAIT_WRITE]: { paint: 'wait-write', hatch: 'falling' },
  [State.RUNNABLE]: { paint: 'runnable', hatch: 'dense' },
  [State.IDLE]: { paint: 'idle', hatch: 'none' },
  [State.DONE]: { paint: 'idle', hatch: 'none' },
};
const UNKNOWN: StateLook = { paint: 'idle', hatch: 'none' };

/** A write hold while its owner runs on no CPU, hatched like a thread that waits for one. */
export const OFF_LOOK: StateLook = { paint: 'hold-write', hatch: 'dense' };

/** How a thread's `State` looks, in lanes, legend and chips alike. */
export function lookOf(state: number): StateLook {
  return LOOKS[state] ?? UNKNOWN;
}
