/** Why a run stands still. RUNNING: it can go on. */
export const Outcome = { RUNNING: 0, DONE: 1, DEADLOCK: 2, STUCK: 3, LIMIT: 4 } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** What an outcome is about; stored as a number in the world, spelt out by `reasons.ts`. */
export const Reason = {
  NONE: 0,
  EXTENT: 1,
  NO_PROGRESS: 2,
  ALL_WAIT: 3,
  VMAS: 4,
  HELD_LOCKS: 5,
  NOT_HELD: 6,
  DIVISION: 7,
  INDEX: 8,
  MEMORY: 9,
  HELD_AT_EXIT: 10,
  SLEEP_UNDER_SPINLOCK: 11,
  FRAMES: 12,
  SCHEDULE: 13,
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/** Values of World.phase. */
export const Phase = { FETCH: 0, DUE_PAID: 1, COST_PAID: 2, COMPLETE: 3 } as const;

/** Values of World.timer. */
export const Timer = { NONE: 0, SLEEP: 1, SWITCH: 2 } as const;
