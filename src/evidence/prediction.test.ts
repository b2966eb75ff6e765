import { describe, expect, it } from 'vitest';
import { Simulation } from '../engine/index.ts';
import {
  type Chunk,
  chunkEnd,
  type EventRecord,
  Flag,
  hashRecords,
  hashText,
  Kind,
  newChunk,
  newLogHash,
  recordAt,
  State,
} from '../event/index.ts';
import { type Resolved, resolve } from '../scenario/index.ts';
import { type Prediction, predict } from './prediction.ts';
import { isAbortReason, type Workload, windowOf, workloadOf, workloads } from './workloads.ts';

function resolved(scenario: string, set: Record<string, string>, text?: string): Resolved {
  const r = resolve({ scenario, set, ...(text === undefined ? {} : { text }) });
  if (!r.ok) throw new Error(JSON.stringify(r.diagnostics));
  return r.value;
}

/** With windows that a test can wait for. */
function short(id: string, window = 1_024): Workload {
  const workload = workloadOf(id);
  if (workload === undefined) throw new Error(`no workload ${id}`);
  return { ...workload, window, round: () => 1 };
}

/** Every record up to a time, and the chunks that they are in. */
function logOf(r: Resolved, untilNs: number): { records: EventRecord[]; chunks: Chunk[] } {
  const { program } = r;
  const scenario = { ...program.scenario, extentNs: untilNs + 1 };
  const sim = new Simulation({ ...program, scenario }, r.machine, r.choices, r.lockLabel);
  const chunks: Chunk[] = [];
  sim.sink = (full) => {
    chunks.push(full);
    return newChunk(chunkEnd(full));
  };
  sim.run({ untilNs });
  chunks.push(sim.tail);
  const records = chunks.flatMap((chunk) =>
    Array.from({ length: chunk.count }, (_, i) => recordAt(chunk, i)),
  );
  return { records, chunks };
}

/** Lengths of what ends within a window, from one kind of record of a thread to another. */
function lengths(
  records: readonly EventRecord[],
  { fromNs, toNs }: Prediction['window'],
  begins: (r: EventRecord) => boolean,
  ends: (r: EventRecord) => boolean,
): number[] {
  const since = new Map<number, number>();
  const found: number[] = [];
  for (const r of records) {
    if (begins(r)) since.set(r.thread, r.t);
    const began = since.get(r.thread);
    if (!ends(r) || began === undefined) continue;
    since.delete(r.thread);
    if (r.t > fromNs && r.t <= toNs) found.push(r.t - began);
  }
  return found.sort((a, b) => a - b);
}

/** The share of a state, thread by thread. */
function shareOf(records: readonly EventRecord[], p: Prediction, states: readonly number[]): number {
  const { fromNs, toNs } = p.window;
  let ns = 0;
  for (let thread = 0; thread < p.threads; thread++) {
    let state: number = State.IDLE;
    let since = 0;
    const until = (t: number): void => {
      if (states.includes(state)) ns += Math.max(0, Math.min(t, toNs) - Math.max(since, fromNs));
    };
    for (const r of records) {
      if (r.thread !== thread) continue;
      until(r.t);
      since = r.t;
      state = r.flags & Flag.STATE_MASK;
    }
    until(toNs);
  }
  return ns / ((toNs - fromNs) * p.threads);
}

/** `seen` is the value of a bin that is 2 per cent wide. */
function near(seen: number | null, exact: number | undefined): void {
  expect(Math.abs((seen ?? 0) / (exact ?? 0) - 1)).toBeLessThan(0.03);
}

const SMALL = { machine: 'small', threads: '4' };

/** Maps more than there is room for. */
const WIDE = `
scenario mmap-munmap-threads "too much" {
    daemon thread t on cpu 0 { while (1) { start = mmap(1GB); if (start > 0) munmap(range(start, start + 1GB)); } }
}`;

describe('a prediction', () => {
  it('of faults is what a naive count over the log gives', () => {
    const r = resolved('page-fault-threads', SMALL);
    const p = predict(r, short('page-fault-threads'));
    expect(p.warmupNs).toBe(p.window.fromNs);
    expect(p.window.operations).toBe(2 * 1_024);
    const { records } = logOf(r, p.simulatedNs);
    const naive = lengths(
      records,
      p.window,
      ({ kind }) => kind === Kind.FAULT_ENTER,
      ({ kind }) => kind === Kind.FAULT_EXIT,
    );
    // At either end of the window a fault of each thread may be over that is not followed by another yet.
    expect(Math.abs(naive.length - p.window.operations)).toBeLessThanOrEqual(p.threads);
    expect(p.opsPerSec).toBeCloseTo((p.window.operations * 1e9) / (p.window.toNs - p.window.fromNs), 6);
    expect(p.perThread).toBeCloseTo(p.opsPerSec / 4, 6);
    near(p.latency.p50Ns, naive[naive.length >> 1]);
    near(p.latency.maxNs, naive.at(-1));
  });

  it('of mappings too, and of where the time went', () => {
    const r = resolved('mmap-munmap-threads', { ...SMALL, touched: '1', munmap: 'baseline' });
    const p = predict(r, short('mmap-munmap-threads', 256));
    const { records } = logOf(r, p.simulatedNs);
    const { syscalls } = new Simulation(r.program, r.machine, r.choices).meta;
    const is = (kind: number, name: string) => (e: EventRecord) =>
      e.kind === kind && syscalls[e.object & 0x0fffffff] === name;
    const naive = lengths(records, p.window, is(Kind.SYSCALL_ENTER, 'mmap'), is(Kind.SYSCALL_EXIT, 'munmap'));
    expect(naive).toHaveLength(p.window.operations);
    near(p.latency.p50Ns, naive[naive.length >> 1]);
    expect(p.latency.maxNs).toBe(naive.at(-1));
    const states = {
      user: [State.USER],
      kernel: [State.KERNEL],
      spin: [State.SPIN],
      blocked: [State.WAIT_READ, State.WAIT_WRITE],
      runnable: [State.RUNNABLE],
      idle: [State.IDLE, State.DONE],
    };
    expect(p.shares.kernel).toBeGreaterThan(0);
    for (const [name, share] of Object.entries(p.shares))
      expect([name, share]).toEqual([
        name,
        expect.closeTo(shareOf(records, p, states[name as keyof typeof states]), 9),
      ]);
    expect(Object.values(p.shares).reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  });

  it('has the hash of the log up to the last record of the window', () => {
    const r = resolved('page-fault-threads', SMALL);
    const p = predict(r, short('page-fault-threads'));
    expect(predict(r, short('page-fault-threads'))).toEqual(p);
    const { chunks } = logOf(r, p.simulatedNs);
    const hash = newLogHash();
    let found: number | undefined;
    for (const chunk of chunks) {
      for (let i = 0; i < chunk.count; i++) {
        hashRecords(hash, chunk, i, i + 1);
        if (hashText(hash) === p.hash) found = chunk.t[i];
      }
    }
    expect(found).toBe(p.simulatedNs);
    const other = predict(
      resolved('page-fault-threads', { ...SMALL, seed: '2' }),
      short('page-fault-threads'),
    );
    expect(other.hash).not.toBe(p.hash);
  });

  it('counts a fault that is tried again once, with both tries, and why it was', () => {
    const text = `
shared int tries = 0;
int do_page_fault(addr address) {
    compute(1us);
    tries = tries + 1;
    if (tries % 2 == 1) {
        count("abort_first_try");
        return 0;
    }
    count("second_try");
    down_read(&mm->mmap_sem);
    vma = find_vma(mm, address);
    handle_mm_fault(vma, address);
    up_read(&mm->mmap_sem);
    return 0;
}
scenario twice "twice" {
    extent 1ms;
    area memory = 64MB;
    daemon thread t on cpu 0 { for (at = memory.start; at < memory.end; at += PAGE_SIZE) touch(at); }
}`;
    const p = predict(resolved('twice', { machine: 'small' }, text), short('page-fault-threads', 64));
    expect(p.window.operations).toBe(128);
    expect(p.aborts['abort_first_try']).toBe(128);
    expect(Object.keys(p.aborts)).not.toContain('second_try');
    expect(p.counters['second_try']).toBe(128);
    expect(p.latency.p50Ns).toBeGreaterThan(2_000);
  });

  it('takes the last half where nothing is steady, and says why a run ended', () => {
    const r = resolved('page-fault-threads', SMALL);
    const p = predict(r, short('page-fault-threads', 65_536), 1e6);
    expect([p.warmupNs, p.outcome, p.reason]).toEqual([null, 'limit', null]);
    expect(p.window.fromNs / p.window.toNs).toBeGreaterThan(0.45);
    expect(p.window.fromNs / p.window.toNs).toBeLessThan(0.55);
    expect(p.opsPerSec).toBeGreaterThan(1e6);
    const full = predict(
      resolved('page-fault-threads', { ...SMALL, most_pages: '1000' }),
      short('page-fault-threads', 65_536),
    );
    expect(full.outcome).toBe('limit');
    expect(full.reason?.message).toContain('most_pages');
    const refused = predict(
      resolved('mmap-munmap-threads', { machine: 'small', grain: 'page' }, WIDE),
      short('mmap-munmap-threads', 256),
      1e6,
    );
    expect(refused.window.operations).toBe(0);
    expect(refused.window.failed).toBeGreaterThan(0);
    const none = predict(r, short('page-fault-threads'), 10);
    expect([none.opsPerSec, none.latency.p50Ns]).toEqual([0, null]);
  });
});

describe('workloads', () => {
  it.each(workloads)('$id runs with one thread and with more than there are CPUs', ({ id, window }) => {
    for (const threads of ['1', '6']) {
      // Two threads of a CPU that fault take turns of some ms, in which there are thousands of faults.
      const own = short(id, window / 16);
      const p = predict(resolved(id, { machine: 'small', threads }), own);
      expect([p.threads, p.window.failed, p.reason]).toEqual([Number(threads), 0, null]);
      expect(p.window.operations).toBeGreaterThan(0);
      expect(p.shares.idle).toBeLessThan(0.2);
    }
  });

  it('have room for all that is mapped at a time', () => {
    for (const [id, machine, threads, untilNs] of [
      ['mixed-vma', 'small', '200', 100e6],
      ['ebizzy', 'skylake-ex-4s', '192', 900e6],
    ] as const) {
      const p = predict(resolved(id, { machine, threads }), short(id), untilNs);
      expect([id, p.window.failed, p.reason]).toEqual([id, 0, null]);
    }
  });

  it('have windows in which every thread comes round', () => {
    const window = (id: string, set: Record<string, string>): number => {
      const workload = workloadOf(id);
      return workload === undefined ? 0 : windowOf(workload, resolved(id, set));
    };
    expect(window('page-fault-threads', { threads: '48' })).toBe(65_536);
    expect(window('page-fault-threads', { threads: '1000' })).toBe(131_072);
    expect(window('mixed-vma', { threads: '48', vmas: '100', pages: '20' })).toBe(131_072);
    expect(window('multi-fault', { threads: '64', piece: '8MB' })).toBe(131_072);
  });

  it('tell reasons to begin a fault anew from other counters', () => {
    expect(['abort_odd', 'spf_vma_changed', 'vma_lock_abort'].filter((name) => !isAbortReason(name))).toEqual(
      [],
    );
    expect(['vma_lock_success', 'loops', 'an_abort_'].filter(isAbortReason)).toEqual([]);
  });
});
