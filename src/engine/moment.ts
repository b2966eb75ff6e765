import {
  Class,
  type FrameMoment,
  type GraceMoment,
  type LockMoment,
  type Moment,
  objectId,
  type SequenceMoment,
  State,
  type ThreadMoment,
  type VmaMoment,
} from '../event/index.ts';
import { VM_FLAGS } from '../kernel/ops.ts';
import { zoneMoments } from './alloc/zone-moment.ts';
import type { Engine } from './engine.ts';
import { spins } from './locks/face.ts';
import { rangeMoments } from './presence.ts';
import { VmaState } from './vmas.ts';
import { MmWord, VmaWord } from './words.ts';
import { GRACE_DOMAINS, MAX_HELD } from './world.ts';

/** Tables whose lock is shown in a moment, at most. */
const MAX_TABLE_LOCKS = 32;

/**
 * The state of everything, as plain data. Its size grows with threads, locks in use and VMAs, not with memory; time also
 * with page tables, about a nanosecond for each.
 */
export function makeMoment(e: Engine): Moment {
  const threads: ThreadMoment[] = [];
  for (let t = 0; t < e.w.sizes.threads; t++) threads.push(threadMoment(e, t));
  const vmas = vmaMoments(e);
  const sequences = sequenceMoments(e);
  const graces = graceMoments(e);
  return {
    t: e.now,
    event: e.count,
    threads,
    locks: lockMoments(e),
    vmas,
    ranges: rangeMoments(e, vmas),
    mms: e.program.scenario.processes.map((p, mm) => ({
      mm,
      name: p.name,
      rssPages: e.w.mmRss[mm] as number,
      presentPages: e.w.mmPresent[mm] as number,
    })),
    ...(e.zones === null ? {} : { zones: zoneMoments(e.zones, e) }),
    ...(sequences.length === 0 ? {} : { sequences }),
    ...(graces.length === 0 ? {} : { graces }),
    counters: (e.program.names['counter'] ?? [])
      .slice(1)
      .map((name, i) => ({ name, value: e.w.counter[i + 1] as number })),
    vars: e.program.shared.flatMap((v) =>
      Array.from({ length: v.length }, (_, k) => ({
        name: v.length === 1 ? v.name : `${v.name}[${k}]`,
        value: e.w.shared[v.slot + k] as number,
      })),
    ),
  };
}

function threadMoment(e: Engine, t: number): ThreadMoment {
  const w = e.w;
  const pc = w.pc[t] as number;
  const site = e.program.siteOf[pc] as number;
  const done = w.state[t] === State.DONE;
  const lock = w.waitLock[t] as number;
  const table = done ? 0 : tableOf(e, t, pc);
  const holds = [];
  for (let i = 0; i < (w.heldCount[t] as number); i++) {
    const at = t * MAX_HELD + i;
    holds.push({
      lock: w.heldLock[at] as number,
      mode: w.heldWrite[at] === 1 ? ('write' as const) : ('read' as const),
      sinceNs: w.heldSince[at] as number,
      site: w.heldSite[at] as number,
    });
  }
  return {
    thread: t,
    state: w.state[t] as number,
    sinceNs: w.stateSince[t] as number,
    cpu: w.threadCpu[t] as number,
    site: done ? 0 : site,
    stack: done ? [] : stackOf(e, site),
    locals: done ? [] : localsOf(e, t, pc),
    holds,
    ...(w.irqsOff[t] === 1 ? { irqsOff: true as const } : {}),
    ...(table === 0 ? {} : { table }),
    ...(w.lastTouch[t] === 0 ? {} : { touched: (w.lastTouch[t] as number) - 1 }),
    ...(lock === 0
      ? {}
      : {
          waitsFor: {
            lock,
            mode: w.waitWrite[t] === 1 ? ('write' as const) : ('read' as const),
            sinceNs: w.waitSince[t] as number,
          },
        }),
  };
}

/** The page table in the innermost local variable that holds one, of whatever frame; 0: none. */
function tableOf(e: Engine, t: number, pc: number): number {
  const plan = e.program.scenario.threads[t];
  const locals = (plan && e.program.templates[plan.template])?.locals ?? [];
  let table = 0;
  for (const { type, from, to, register } of locals) {
    if (type !== 'table' || from > pc || pc >= to) continue;
    table = (e.w.regs[t * e.w.sizes.registers + register] as number) || table;
  }
  return table;
}

function stackOf(e: Engine, site: number): FrameMoment[] {
  const frames: FrameMoment[] = [];
  for (let s = site; s !== 0; ) {
    const at = e.program.sites[s];
    if (at === undefined) break;
    frames.push({ fn: at.fn, file: at.file, line: at.line, col: at.col });
    s = at.parent;
  }
  return frames;
}

function localsOf(e: Engine, t: number, pc: number): { name: string; value: string }[] {
  const plan = e.program.scenario.threads[t];
  const template = plan && e.program.templates[plan.template];
  if (template === undefined) return [];
  const base = t * e.w.sizes.registers;
  const frame = e.program.sites[e.program.siteOf[pc] as number]?.parent ?? 0;
  return template.locals
    .filter((l) => l.from <= pc && pc < l.to && l.frame === frame)
    .map((l) => {
      const v = e.w.regs[base + l.register] as number;
      if (l.type === 'range') {
        const end = e.w.regs[base + l.register + 1] as number;
        return { name: l.name, value: `${hex(v)}..${hex(end)}` };
      }
      return { name: l.name, value: spell(e, l.type, v) };
    });
}

function hex(v: number): string {
  return `0x${v.toString(16)}`;
}

function spell(e: Engine, type: string, v: number): string {
  if (type === 'int') return Math.abs(v) >= 65_536 ? hex(v) : String(v);
  if (v === 0) return 'NULL';
  if (type === 'table') return `table ${hex((v & 0xfffff) * 2 ** 21)}`;
  if (type === 'mm') return e.program.scenario.processes[v - 1]?.name ?? String(v);
  if (type === 'vma') {
    const at = e.vmas.peek(v);
    return at < 0 ? 'freed VMA' : `VMA ${hex((e.w.vmaStart[at] as number) * 4096)}`;
  }
  return String(v);
}

function lockMoments(e: Engine): LockMoment[] {
  const w = e.w;
  const inUse = new Set<number>();
  for (let mm = 0; mm < e.layout.mms; mm++) inUse.add(objectId(Class.MMAP_LOCK, mm));
  for (let i = 0; i < e.program.locks.length; i++) inUse.add(objectId(Class.LOCK, i));
  const declared = inUse.size;
  for (let t = 0; t < w.sizes.threads && inUse.size < declared + MAX_TABLE_LOCKS; t++) {
    for (let i = 0; i < (w.heldCount[t] as number); i++) inUse.add(w.heldLock[t * MAX_HELD + i] as number);
    if (w.waitLock[t] !== 0) inUse.add(w.waitLock[t] as number);
  }
  return [...inUse].map((lock) => lockMoment(e, lock));
}

function lockMoment(e: Engine, lock: number): LockMoment {
  const w = e.w;
  const owners: number[] = [];
  let mode: LockMoment['mode'] = 'free';
  const waiting: { thread: number; mode: 'read' | 'write'; spinning: boolean; place: number }[] = [];
  const place = new Map<number, number>();
  if (e.sleeping(lock) !== null) {
    const i = e.rwIndexOf(lock);
    let k = 0;
    for (let at = w.rwHead[i] as number; at !== 0; at = w.waitNext[at - 1] as number) place.set(at - 1, k++);
    k = -65_536;
    for (let at = w.osqHead[i] as number; at !== 0; at = w.waitNext[at - 1] as number) place.set(at - 1, k++);
  }
  for (let t = 0; t < w.sizes.threads; t++) {
    for (let i = 0; i < (w.heldCount[t] as number); i++) {
      if (w.heldLock[t * MAX_HELD + i] !== lock) continue;
      owners.push(t);
      mode = w.heldWrite[t * MAX_HELD + i] === 1 ? 'write' : 'read';
    }
    if (w.waitLock[t] !== lock) continue;
    const spinning = spins(w.waiting[t] as number);
    waiting.push({
      thread: t,
      mode: w.waitWrite[t] === 1 ? 'write' : 'read',
      spinning,
      // Spinlock waiters stand in order of arrival.
      place: place.get(t) ?? (w.waitSince[t] as number) - 1e18,
    });
  }
  waiting.sort((a, b) => a.place - b.place);
  return { lock, mode, owners, queue: waiting.map(({ place: _, ...rest }) => rest) };
}

function sequenceMoments(e: Engine): SequenceMoment[] {
  const { w, words } = e;
  const list = words.mmapSeq
    ? Array.from({ length: e.layout.mms }, (_, mm) => words.ofMm(mm, MmWord.MMAP_SEQ))
    : [];
  if (w.sizes.vmaWords) {
    for (let at = 0; at < w.vmaState.length; at++) {
      const i = words.ofVma(at, VmaWord.VM_SEQUENCE);
      if ((w.wordValue[i] as number) % 2 !== 0) list.push(i);
    }
  }
  return list.map((i) => ({ id: words.seqId(i), value: w.wordValue[i] as number }));
}

function graceMoments(e: Engine): GraceMoment[] {
  const { w } = e;
  const list: GraceMoment[] = [];
  for (let domain = 0; domain < GRACE_DOMAINS; domain++) {
    const active = w.graceActive[domain] === 1;
    const next = w.graceNext[domain] as number;
    if (!active && next === 0) continue;
    const callbacks = active ? (w.graceNow[domain] as number) : null;
    const readers = active ? (w.graceReaders[domain] as number) : 0;
    list.push({ id: objectId(Class.GRACE, domain), callbacks, readers, next });
  }
  return list;
}

function vmaMoments(e: Engine): VmaMoment[] {
  const w = e.w;
  const list: VmaMoment[] = [];
  for (let mm = 0; mm < e.layout.mms; mm++) {
    for (let at = mm * e.layout.vmas; at < (mm + 1) * e.layout.vmas; at++) {
      if (w.vmaState[at] === VmaState.FREE) continue;
      const start = w.vmaStart[at] as number;
      const end = w.vmaEnd[at] as number;
      const area = e.program.scenario.processes[mm]?.areas[(w.vmaArea[at] as number) - 1];
      list.push({
        id: e.vmas.objectOf(mm, at),
        mm,
        startPage: start,
        pages: end - start,
        presentPages: e.tables.presentPages(mm, start, end),
        name: area?.name ?? 'mmap',
        flags: Object.entries(VM_FLAGS)
          .filter(([, bit]) => ((w.vmaFlags[at] as number) & bit) !== 0)
          .map(([name]) => name),
        detached: w.vmaState[at] === VmaState.DETACHED,
        ...(e.words.isWriteLocked(mm, at) ? { writeLocked: true as const } : {}),
      });
    }
  }
  return list.sort((a, b) => a.mm - b.mm || a.startPage - b.startPage);
}
