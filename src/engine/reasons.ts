import type { TraceMeta } from '../event/index.ts';
import { siteLabel } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { Reason } from './outcome.ts';

const SENTENCES: Readonly<Record<Reason, string>> = {
  [Reason.NONE]: '',
  [Reason.EXTENT]: "the scenario's extent is over and it is not done",
  [Reason.NO_PROGRESS]: 'a million rounds or events without time advancing',
  [Reason.ALL_WAIT]: 'it waits for something that nobody is left to do',
  [Reason.VMAS]: 'the VMA slots of its mm are used up',
  [Reason.HELD_LOCKS]: 'it would hold more than 8 locks at a time',
  [Reason.NOT_HELD]: 'it gives back a lock that it does not hold in this mode',
  [Reason.DIVISION]: 'it divides by zero',
  [Reason.INDEX]: 'an index is out of bounds',
  [Reason.MEMORY]: 'out of memory: every page of the machine is in use',
  [Reason.HELD_AT_EXIT]: 'it goes back to user mode, or ends, with a lock held',
  [Reason.FRAMES]:
    "more pages are in use at a time than the scenario's number most_pages says, or its areas have",
  [Reason.SCHEDULE]: 'it ended before it came to the label that its turn in the schedule goes to',
  [Reason.SLEEP_UNDER_SPINLOCK]: 'it sleeps with a spinlock held',
};

export interface StopReason {
  readonly message: string;
  readonly thread: string | null;
  readonly line: string | null;
}

/** Why a run ended otherwise than by being done; null while it runs or when it is done. */
export function stopReason(e: Engine, meta: TraceMeta): StopReason | null {
  const reason = e.w.run[1] as Reason;
  if (reason === Reason.NONE) return null;
  const thread = e.w.run[6] as number;
  const name = meta.threads[thread]?.name ?? null;
  const turn = reason === Reason.SCHEDULE ? e.program.scenario.schedule[e.w.turn[0] as number] : undefined;
  if (turn !== undefined)
    return { message: SENTENCES[reason], thread: name, line: `${turn.place.file}:${turn.place.line}` };
  const site = name === null ? 0 : (e.program.siteOf[e.w.pc[thread] as number] as number);
  return { message: SENTENCES[reason], thread: name, line: siteLabel(site, meta) || null };
}
