import {
  CHUNK_RECORDS,
  type Chunk,
  Class,
  classOf,
  type EventIdx,
  type Moment,
  type Ns,
  newChunk,
  objectName,
  siteLabel,
  type TraceMeta,
} from '../event/index.ts';
import { cpuCount, type Machine, socketOf } from '../kernel/machine.ts';
import type { Program } from '../language/program.ts';
import { build, type Choices } from './build.ts';
import { findCycle } from './deadlock.ts';
import type { Engine } from './engine.ts';
import type { Interpreter } from './interpreter.ts';
import { invariants } from './invariants.ts';
import { makeMoment } from './moment.ts';
import { Outcome } from './outcome.ts';
import { type StopReason, stopReason } from './reasons.ts';
import { hashWorld, MAX_CAUSES, MAX_VIOLATIONS, restore, snapshot } from './world.ts';

export type Verdict = 'running' | 'pass' | 'violation' | 'deadlock' | 'stuck' | 'limit';

export interface ViolationReport {
  readonly invariant: string;
  readonly sentence: string;
  readonly atNs: Ns;
  readonly thread: string | null;
  readonly line: string;
  readonly message: string;
  readonly page: number;
  /** Id of the VIOLATION record, and of the records that led to it. */
  readonly event: EventIdx;
  readonly causes: readonly EventIdx[];
}

export interface CycleReport {
  readonly thread: string;
  readonly line: string;
  readonly waitsFor: string;
  readonly mode: 'read' | 'write';
  readonly heldBy: string;
  /** False where the next thread does not hold the lock but stands before this one in its queue. */
  readonly holds: boolean;
  /** It waits for no lock but until the next thread's CPU, which has interrupts off, acknowledges a TLB flush. */
  readonly acknowledgement: boolean;
}

/** One edge of such a cycle in words. */
export function cycleSentence(c: CycleReport): string {
  if (c.acknowledgement) return `${c.thread} waits until ${c.heldBy} acknowledges the ${c.waitsFor}`;
  return `${c.thread} waits for ${c.waitsFor} (${c.mode}), ${c.holds ? 'held by' : 'behind'} ${c.heldBy}`;
}

/**
 * A simulation: build it, run it in slices, look at it, take it back and forth. Everything it does follows from
 * program, machine and choices.
 */
export class Simulation {
  readonly meta: TraceMeta;
  readonly program: Program;
  readonly engine: Engine;
  private readonly interpreter: Interpreter;

  /** @throws BuildError for absurd sizes and unknown choices. */
  constructor(program: Program, machine: Machine, choices: Choices, lockLabel = 'mmap_lock') {
    const { engine, interpreter } = build(program, machine, choices);
    this.engine = engine;
    this.interpreter = interpreter;
    this.program = program;
    this.meta = metaOf(program, machine, lockLabel);
  }

  get now(): Ns {
    return this.engine.now;
  }
  /** Records written so far. */
  get events(): EventIdx {
    return this.engine.count;
  }
  get worldBytes(): number {
    return this.engine.w.bytes.length;
  }

  /** Who gets full chunks; see Engine.sink. */
  set sink(sink: (full: Chunk) => Chunk) {
    this.engine.sink = sink;
  }
  /** The chunk that is being written. */
  get tail(): Chunk {
    return this.engine.chunk;
  }

  /** Runs on; see Interpreter.run. True when it can go on. */
  run(limits: { untilNs?: Ns; untilEvent?: EventIdx; steps?: number } = {}): boolean {
    return this.interpreter.run(
      limits.untilNs ?? Infinity,
      limits.untilEvent ?? Infinity,
      limits.steps ?? Infinity,
    );
  }

  /** The log from here on is not kept: records overwrite one chunk. For re-execution. */
  discardLog(): void {
    this.engine.sink = (full) => {
      full.count = 0;
      return full;
    };
  }

  snapshot(into?: Uint8Array): Uint8Array {
    this.engine.settle();
    return snapshot(this.engine.w, into);
  }

  /** Goes back (or forth) to a snapshot of the same scenario; the log goes on at its record number. */
  restore(from: Uint8Array): void {
    restore(this.engine.w, from);
    const count = this.engine.w.clock[2] as number;
    const chunk = newChunk(count - (count % CHUNK_RECORDS));
    chunk.count = count % CHUNK_RECORDS;
    this.engine.adopt(chunk);
  }

  hash(all = false): number {
    this.engine.settle();
    return hashWorld(this.engine.w, all);
  }

  moment(): Moment {
    return makeMoment(this.engine);
  }

  get ended(): boolean {
    return this.engine.w.run[0] !== Outcome.RUNNING;
  }

  /** Turns of the scenario's schedule that are over. */
  get turnsOver(): number {
    return this.engine.w.turn[0] ?? 0;
  }

  verdict(): Verdict {
    const r = this.engine.w.run;
    if (r[0] === Outcome.DEADLOCK) return 'deadlock';
    if (r[0] === Outcome.STUCK) return 'stuck';
    if ((r[3] as number) > 0 && r[0] !== Outcome.RUNNING) return 'violation';
    if (r[0] === Outcome.LIMIT) return 'limit';
    return r[0] === Outcome.DONE ? 'pass' : 'running';
  }

  stopReason(): StopReason | null {
    return stopReason(this.engine, this.meta);
  }

  /** Violations found so far (the first 64 with their causes). */
  violations(): ViolationReport[] {
    const w = this.engine.w;
    const n = Math.min(w.run[3] as number, MAX_VIOLATIONS);
    return Array.from({ length: n }, (_, i) => {
      const what = this.meta.invariants[w.vioWhat[i] as number];
      const thread = this.meta.threads[w.vioThread[i] as number]?.name ?? null;
      const page = w.vioPage[i] as number;
      const line = siteLabel(w.vioSite[i] as number, this.meta);
      return {
        invariant: what?.name ?? '',
        sentence: what?.sentence ?? '',
        atNs: w.vioTime[i] as number,
        thread,
        line: thread === null ? '' : line,
        message: `${what?.sentence ?? ''} Broken ${thread === null ? 'at the end of the run' : `by ${thread}`}${
          page > 0 && thread !== null ? ` at address 0x${(page * 4096).toString(16)}` : ''
        }.`,
        page,
        event: w.vioEvent[i] as number,
        causes: [...new Set(w.vioCause.subarray(i * MAX_CAUSES, (i + 1) * MAX_CAUSES))]
          .filter((id) => id > 0)
          .sort((a, b) => a - b),
      };
    });
  }

  violationCount(): number {
    return this.engine.w.run[3] as number;
  }

  /** The cycle on which the run deadlocked, or null. */
  deadlock(): CycleReport[] | null {
    const w = this.engine.w;
    if (w.run[0] !== Outcome.DEADLOCK) return null;
    const cycle = findCycle(this.engine, w.run[6] as number) ?? [];
    const named = ({ lock }: (typeof cycle)[number]): string =>
      classOf(lock) === Class.MM
        ? `TLB flush of ${objectName(lock, this.meta)}`
        : objectName(lock, this.meta);
    return cycle.map((edge) => ({
      thread: this.meta.threads[edge.thread]?.name ?? '',
      line: siteLabel(this.program.siteOf[w.pc[edge.thread] as number] as number, this.meta),
      waitsFor: named(edge),
      mode: edge.write ? 'write' : 'read',
      heldBy: this.meta.threads[edge.blockedBy]?.name ?? '',
      holds: edge.holds,
      acknowledgement: classOf(edge.lock) === Class.MM,
    }));
  }
}

function metaOf(program: Program, machine: Machine, lockLabel: string): TraceMeta {
  const { scenario } = program;
  return {
    title: scenario.title,
    threads: scenario.threads.map((t) => ({ name: t.name, cpu: t.cpu, mm: t.process, daemon: t.daemon })),
    cpuSocket: Array.from({ length: cpuCount(machine) }, (_, cpu) => socketOf(machine, cpu)),
    mms: scenario.processes.map((p) => p.name),
    sites: program.sites,
    syscalls: program.names['syscall'] ?? [''],
    phases: program.names['phase'] ?? [''],
    counters: program.names['counter'] ?? [''],
    invariants: [
      ...invariants,
      ...program.properties
        .filter((p) => p.kind === 'invariant')
        .map((p) => ({ name: p.name, sentence: p.sentence, source: `${p.place.file}:${p.place.line}` })),
    ],
    vars: program.shared.flatMap((v) =>
      Array.from({ length: v.length }, (_, k) => (v.length === 1 ? v.name : `${v.name}[${k}]`)),
    ),
    locks: program.locks,
    mmapLockLabel: lockLabel,
    extentNs: scenario.extentNs,
    simulated: true,
  };
}
