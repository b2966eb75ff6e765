import type { Ns } from '../event/index.ts';

/** How sure a number is. 'calibrated': set so that one named measurement comes out, and used unchanged everywhere. */
export type Mark = 'sourced' | 'derived' | 'assumption' | 'calibrated';

export interface Sourced {
  readonly value: number;
  readonly mark: Mark;
  readonly source: string;
}

export function sourced(value: number, source: string): Sourced {
  return { value, mark: 'sourced', source };
}
export function derived(value: number, source: string): Sourced {
  return { value, mark: 'derived', source };
}
export function assumed(value: number, source: string): Sourced {
  return { value, mark: 'assumption', source };
}
export function calibrated(value: number, source: string): Sourced {
  return { value, mark: 'calibrated', source };
}

/** An idle state of a CPU. `exit`: time until it executes again; `residency`: idle time from which it pays. */
export interface IdleState {
  readonly name: string;
  readonly exit: Sourced;
  readonly residency: Sourced;
}

/**
 * A machine as the engine needs it. Times in ns. CPU numbers follow Linux: the first thread of every core, socket by
 * socket, then the second threads in the same order.
 */
export interface Machine {
  readonly id: string;
  readonly title: string;
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly threadsPerCore: number;
  readonly memoryBytes: number;
  readonly topologySource: string;
  /** What it takes to get a cache line for a locked operation from where it is. */
  readonly line: {
    /** It is in this CPU's own cache: the locked operation itself. */
    readonly local: Sourced;
    readonly sibling: Sourced;
    /** From another core of the socket; of the CCX where `ccx` is there. */
    readonly socket: Sourced;
    readonly cross: Sourced;
    /** Nobody has it: from memory. */
    readonly memory: Sourced;
    /** Cores of a socket come in groups with a cache each; between two of them the line's home node decides. */
    readonly ccx?: {
      readonly cores: number;
      readonly coresSource: string;
      /** To another CCX of the socket: the line's memory belongs to this socket, or to another one. */
      readonly home: Sourced;
      readonly away: Sourced;
    };
  };
  readonly sched: {
    /** What the detection of an RCU grace period takes when no reader is in its way. */
    readonly grace: Sourced;
    /** What a wake-up costs the waker. */
    readonly wakeCost: Sourced;
    /** From the wake-up until the woken thread can be switched to on an idle CPU. */
    readonly wakeLatency: Sourced;
    /** Idle states by depth; the exit of the first is part of wakeLatency. */
    readonly idle: readonly IdleState[];
    readonly contextSwitch: Sourced;
    /** A thread's turn when others wait for its CPU; it ends at the timer tick after that. */
    readonly slice: Sourced;
    readonly tick: Sourced;
    /** Time in the kernel without a quiescent state after which RCU has a CPU reschedule, at the next tick. */
    readonly quiescent: Sourced;
  };
  /** The CPUs are virtual: the host's turn for each, and how long it runs something else then. */
  readonly host?: { readonly turn: Sourced; readonly away: Sourced };
  /** Pace of a CPU whose SMT sibling is busy, as a factor on the time of every step. */
  readonly smtFactor: Sourced;
  readonly memory: {
    /** Zeroing a page by one CPU alone. */
    readonly clearPage: Sourced;
    /** What one page takes of a socket's memory bandwidth: the floor when many CPUs clear at once. */
    readonly pageTransfer: Sourced;
  };
  readonly tlb: {
    /** The initiator's cost of a shootdown before the first remote CPU. */
    readonly flush: Sourced;
    /** Per remote CPU of the same and of another socket. */
    readonly ipiSocket: Sourced;
    readonly ipiCross: Sourced;
    /** Time taken from an interrupted CPU. */
    readonly receive: Sourced;
  };
  readonly entry: {
    readonly syscall: Sourced;
    /** Exception and return of a page fault. */
    readonly fault: Sourced;
    /** A load or store of a mapped page. */
    readonly access: Sourced;
  };
  /** Where pages of files come from: it does one read at a time, in the order in which they were asked for. */
  readonly disk: {
    /** A page from a random place; a scenario's number `disk_read` replaces it. */
    readonly read: Sourced;
  };
  /** What work on zones and LRU takes, for the allocator `zone`; see machines/zone.ts. */
  readonly zone: {
    /** ns a page, of which nobody else has the lines: taken from the buddy and given back; a part of that is picking. */
    readonly allocWork: Sourced;
    readonly freeWork: Sourced;
    readonly pickWork: Sourced;
    /** ns a page put on the LRU or taken off. */
    readonly lruWork: Sourced;
    /** Cache lines that move with the lock of a zone or an LRU when another CPU had it before. */
    readonly holdLines: Sourced;
    /** A CPU that spins slows its sibling as one that computes does. */
    readonly spinnersSlow: boolean;
  };
  /** Prices of the cost names of the vocabulary. */
  readonly costs: Readonly<Record<string, Sourced>>;
}

export function cpuCount(m: Machine): number {
  return m.sockets * m.coresPerSocket * m.threadsPerCore;
}

/** Core of a CPU, numbered over all sockets. */
export function coreOf(m: Machine, cpu: number): number {
  return cpu % (m.sockets * m.coresPerSocket);
}

/** Socket of a CPU. */
export function socketOf(m: Machine, cpu: number): number {
  return Math.floor(coreOf(m, cpu) / m.coresPerSocket);
}

/** CCX of a CPU within its socket; 0 where a socket is one. */
export function ccxOf(m: Machine, cpu: number): number {
  const { ccx } = m.line;
  return ccx === undefined ? 0 : Math.floor((coreOf(m, cpu) % m.coresPerSocket) / ccx.cores);
}

export interface CostTable {
  readonly [name: string]: Ns;
}

/** Prices by name, as the compiler takes them. */
export function costTable(m: Machine): CostTable {
  return Object.fromEntries(Object.entries(m.costs).map(([name, s]) => [name, s.value]));
}
