import type { ObjectId } from '../../event/index.ts';
import type { Engine } from '../engine.ts';

/** Shared objects that an operation reads or writes, as an explorer needs them. */
export interface Footprint {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/**
 * What a word does. `effect` happens atomically at the end of the step; arguments stand in `regs[at]`, `regs[at + 1]`,
 * ... `cost` is what the step's own mechanism takes, null where only `@` counts. A step whose cost is the line of a lock
 * gets that lock's index among its like as `line`; all others get 0.
 * `footprint` names the kinds of shared state, an argument by its position: '0' is the object in the first argument.
 */
export interface Operation {
  readonly name: string;
  readonly step: boolean;
  readonly footprint: Footprint;
  readonly cost: Cost | null;
  readonly effect: (e: Engine, thread: number, at: number, line: number) => number;
  /** The step does nothing but take time: its effect is not called. */
  readonly onlyTime: boolean;
}

export type Effect = Operation['effect'];
/** Says when the step is done by setting `e.end` (ns of the clock). */
export type Costing = (e: Engine, thread: number, at: number, cpu: number) => void;
/**
 * The costs that are met most often have names, and the interpreter works them out itself: the line of the sleeping lock
 * or the spinlock in the first argument, or the nanoseconds in it.
 */
export type Cost = Costing | 'rwsem line' | 'spin line' | 'work';

export function reads(...what: string[]): Footprint {
  return { reads: what, writes: [] };
}
export function writes(...what: string[]): Footprint {
  return { reads: what, writes: what };
}
export const nothing: Footprint = { reads: [], writes: [] };

/** A step. */
export function step(
  name: string,
  footprint: Footprint,
  effect: Effect,
  cost: Cost | null = null,
): Operation {
  return { name, step: true, footprint, cost, effect, onlyTime: false };
}
/** A step that only takes time. */
export function wait(name: string, cost: Cost): Operation {
  return { name, step: true, footprint: nothing, cost, effect: () => 0, onlyTime: true };
}
/** An operation that is no step: pure, or a peek. */
export function look(name: string, footprint: Footprint, effect: Effect): Operation {
  return { name, step: false, footprint, cost: null, effect, onlyTime: false };
}

export function arg(e: Engine, at: number): number {
  return e.w.regs[at] as number;
}

export type { ObjectId };
