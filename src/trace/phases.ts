import type { Ns } from '../event/index.ts';

/** How a thread holds the process-wide lock of its mm. */
export const MODES = ['none', 'read', 'write'] as const;
export type Mode = (typeof MODES)[number];

/** A part of a syscall throughout which the thread held mmap_lock in one way. */
export interface PhaseSpan {
  /** Index into TraceMeta.phases. */
  readonly phase: number;
  readonly mode: Mode;
  readonly startNs: Ns;
  readonly ns: Ns;
}

/** Phases kept per syscall name. */
export const MAX_PHASES = 1_000;

/** The phases of all syscalls, one list per syscall name. */
export class Phases {
  readonly spans: PhaseSpan[][];
  /** Per syscall: phases that came after the list was full. */
  readonly dropped: number[];
  /** Per thread: the phase that runs (0: none), the syscall it belongs to, since when, the mode, spans given so far. */
  readonly #phase: Uint32Array;
  readonly #syscall: Uint32Array;
  readonly #since: Float64Array;
  readonly #mode: Uint8Array;
  readonly #given: Uint32Array;

  constructor(syscalls: number, threads: number) {
    this.spans = Array.from({ length: syscalls }, () => []);
    this.dropped = new Array<number>(syscalls).fill(0);
    this.#phase = new Uint32Array(threads);
    this.#syscall = new Uint32Array(threads);
    this.#since = new Float64Array(threads);
    this.#mode = new Uint8Array(threads);
    this.#given = new Uint32Array(threads);
  }

  /** A thread enters a phase of the syscall it is in (0: none), which ends the one before. */
  begin(thread: number, syscall: number, phase: number, mode: number, t: Ns): void {
    this.end(thread, t);
    this.#phase[thread] = phase;
    this.#syscall[thread] = syscall;
    this.#since[thread] = t;
    this.#mode[thread] = mode;
    this.#given[thread] = 0;
  }

  /** The way in which a thread holds the lock may have changed: splits the phase there. */
  mode(thread: number, mode: number, t: Ns): void {
    if (this.#phase[thread] === 0 || this.#mode[thread] === mode) return;
    if (t > this.#since[thread]) {
      this.#give(thread, t);
      this.#since[thread] = t;
    }
    this.#mode[thread] = mode;
  }

  end(thread: number, t: Ns): void {
    if (this.#phase[thread] === 0) return;
    // A phase of no length is told once; a rest of no length behind a change of mode is none.
    if (t > this.#since[thread] || this.#given[thread] === 0) this.#give(thread, t);
    this.#phase[thread] = 0;
  }

  #give(thread: number, t: Ns): void {
    this.#given[thread]++;
    const syscall = this.#syscall[thread];
    if (this.spans[syscall].length >= MAX_PHASES) this.dropped[syscall]++;
    else this.spans[syscall].push(this.#span(thread, t));
  }

  #span(thread: number, t: Ns): PhaseSpan {
    const startNs = this.#since[thread];
    return { phase: this.#phase[thread], mode: MODES[this.#mode[thread]], startNs, ns: t - startNs };
  }

  /** Spans of a syscall in order of their start, those of running phases up to `endNs` included. */
  until(syscall: number, endNs: Ns): { spans: PhaseSpan[]; dropped: number } {
    const spans = [...this.spans[syscall]];
    let dropped = this.dropped[syscall];
    for (let thread = 0; thread < this.#phase.length; thread++) {
      if (this.#phase[thread] === 0 || this.#syscall[thread] !== syscall) continue;
      if (endNs === this.#since[thread] && this.#given[thread] > 0) continue;
      if (spans.length < MAX_PHASES) spans.push(this.#span(thread, endNs));
      else dropped++;
    }
    return { spans: spans.sort((a, b) => a.startNs - b.startNs), dropped };
  }
}
