import { type Ns, State, type TraceMeta } from '../event/index.ts';
import { type EventText, members, us } from './chrome-text.ts';
import type { LockTracker } from './tracker.ts';

interface Row {
  name: string;
  args: string;
  since: Ns;
}

/** What a thread that sleeps for a lock is blocked in. */
function blockedIn(slot: number, write: boolean, mms: number, meta: TraceMeta): string {
  const kind = slot < mms ? 'rwsem' : meta.locks[slot - mms]?.kind;
  if (kind === 'rwsem') return write ? 'down_write' : 'down_read';
  return kind === 'mutex' ? 'mutex_lock' : 'spin_lock';
}

/** Rows of ph T, which Perfetto turns into its scheduling tracks: Running with the CPU, R, D, S. */
export class StateRows {
  readonly #out: EventText;
  readonly #meta: TraceMeta;
  readonly #tracker: LockTracker;
  readonly #where: (thread: number) => string;
  readonly #rows: Row[];
  /** Per thread: the CPU it was last seen on, -1 if none. */
  readonly #cpu: Int32Array;

  constructor(out: EventText, meta: TraceMeta, tracker: LockTracker, where: (thread: number) => string) {
    this.#out = out;
    this.#meta = meta;
    this.#tracker = tracker;
    this.#where = where;
    this.#rows = meta.threads.map(() => ({ name: 'S', args: '', since: 0 }));
    this.#cpu = Int32Array.from(meta.threads, ({ cpu }) => cpu ?? -1);
  }

  /** The thread is on, or belongs to, this CPU from now on. */
  onCpu(thread: number, cpu: number): void {
    this.#cpu[thread] = cpu;
  }

  /** The state of a thread in the tracker, its CPU or what it waits for may be others from `t` on. */
  settle(thread: number, t: Ns): void {
    const row = this.#rows[thread];
    const name = this.#nameOf(thread);
    const args = this.#argsOf(thread, name);
    if (row.name === name && row.args === args) return;
    this.#write(thread, row, t, '');
    row.name = name;
    row.args = args;
    row.since = t;
  }

  #nameOf(thread: number): string {
    const state = this.#tracker.state[thread];
    if (state <= State.SPIN) return 'Running';
    if (state <= State.WAIT_WRITE) return 'D';
    if (state === State.RUNNABLE) return 'R';
    return state === State.IDLE ? 'S' : '';
  }

  #argsOf(thread: number, name: string): string {
    if (name === 'Running') return this.#cpu[thread] < 0 ? '' : `"cpu":${this.#cpu[thread]}`;
    const k = this.#tracker;
    const slot = k.waitSlot[thread];
    if (name !== 'D' || slot < 0) return '';
    const mms = Math.max(1, this.#meta.mms.length);
    return `"blocked_function":"${blockedIn(slot, k.waitWrite[thread] === 1, mms, this.#meta)}"`;
  }

  /** A thread that is done has no row, and none is written for no time. */
  #write(thread: number, { name, args, since }: Row, t: Ns, more: string): void {
    if (name === '' || t <= since) return;
    this.#out.add(
      `"ph":"T","name":"${name}",${this.#where(thread)},"ts":${us(since)},"dur":${us(t - since)},"args":{${members(args, more)}}`,
    );
  }

  finish(t: Ns): void {
    this.#rows.forEach((row, thread) => {
      this.#write(thread, row, t, '"unfinished":true');
    });
  }
}
