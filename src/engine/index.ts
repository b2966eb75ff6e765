/** The engine's public face. */
export { BuildError, type Choices } from './build.ts';
export { invariants } from './invariants.ts';
export type { StopReason } from './reasons.ts';
export {
  type CycleReport,
  cycleSentence,
  Simulation,
  type Verdict,
  type ViolationReport,
} from './simulation.ts';
export { equalWorlds } from './world.ts';
