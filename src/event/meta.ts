import { Class, classOf, DISK, indexOf, MM_LOCK_NAMES, MMAP_SEQ, mmOf, withinMm } from './objects.ts';
import { type Ns, type ObjectId, PAGE_BYTES, type SiteIdx, TABLE_PAGES } from './units.ts';

/** A place in a path: file, line, column, and the site of the call that led there. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  /** Function that holds the line; a thread's own text bears the thread's name. */
  readonly fn: string;
  /** Site of the call, 0 at the outermost level. */
  readonly parent: SiteIdx;
}

export interface ThreadMeta {
  readonly name: string;
  /** CPU it is pinned to, or null when the scheduler places it. */
  readonly cpu: number | null;
  readonly mm: number;
  /** True for threads that the end of the run does not wait for. */
  readonly daemon: boolean;
}

/** A lock declared by a document. */
export interface LockMeta {
  readonly name: string;
  readonly kind: 'rwsem' | 'spinlock' | 'mutex';
}

export interface InvariantMeta {
  readonly name: string;
  readonly sentence: string;
  readonly source: string;
}

/** Everything a log needs beside its records to be read. Plain data: it crosses worker boundaries as it is. */
export interface TraceMeta {
  readonly title: string;
  readonly threads: readonly ThreadMeta[];
  /** Socket of each CPU. */
  readonly cpuSocket: readonly number[];
  /** Names of the address spaces. */
  readonly mms: readonly string[];
  /** sites[0] stands for "nowhere". */
  readonly sites: readonly Site[];
  readonly syscalls: readonly string[];
  /** phases[0] is the empty name. */
  readonly phases: readonly string[];
  readonly counters: readonly string[];
  readonly invariants: readonly InvariantMeta[];
  readonly vars: readonly string[];
  readonly locks: readonly LockMeta[];
  /** What this kernel called the process-wide lock. */
  readonly mmapLockLabel: string;
  /** The time the axis spans from the start, whatever has been recorded so far. */
  readonly extentNs: Ns;
  /** Threads, CPUs or pages per table are known (a simulation), or not (an imported trace). */
  readonly simulated: boolean;
}

/** Names of the classes in `MANY`: as JSON spells them, and for people. */
export const MANY_NAMES: readonly { readonly id: string; readonly label: string }[] = [
  { id: 'ptl', label: 'page-table locks' },
  { id: 'vm_lock', label: 'per-VMA locks' },
];

/** Counters of faults that could not do without mmap_sem begin like this; the rest of the name is the reason. */
const ABORT = /^(?:spf_|vma_lock_(?:abort|miss))/;

/** True for counters that count aborts of speculative faults, or of those under a per-VMA lock. */
export function isAbort(counter: string): boolean {
  return ABORT.test(counter);
}

function ofMm(base: string, mm: number, meta: TraceMeta): string {
  return meta.mms.length <= 1 ? base : `${base}/${meta.mms[mm] ?? mm}`;
}

/** The stable name of an object, as JSON, URLs and the command line spell it. */
export function objectName(id: ObjectId, meta: TraceMeta): string {
  const index = indexOf(id);
  switch (classOf(id)) {
    case Class.MMAP_LOCK:
      return ofMm('mmap_lock', index, meta);
    case Class.TABLE: {
      const at = withinMm(id) * TABLE_PAGES * PAGE_BYTES;
      return ofMm(`ptl:0x${at.toString(16)}`, mmOf(id), meta);
    }
    case Class.VMA:
      return ofMm(`vma:${withinMm(id)}`, mmOf(id), meta);
    case Class.MM:
      return meta.mms[index] ?? `mm${index}`;
    case Class.SYSCALL:
      return meta.syscalls[index] ?? `syscall${index}`;
    case Class.PHASE:
      return meta.phases[index] ?? `phase${index}`;
    case Class.COUNTER:
      return meta.counters[index] ?? `counter${index}`;
    case Class.INVARIANT:
      return meta.invariants[index]?.name ?? `invariant${index}`;
    case Class.VAR:
      return meta.vars[index] ?? `var${index}`;
    case Class.PCP:
      return `pcp:${index >>> 12}/${index & 0xfff}`;
    case Class.LOCK:
      return meta.locks[index]?.name ?? `lock${index}`;
    case Class.VMA_LOCK:
      return ofMm(`vm_lock:${withinMm(id)}`, mmOf(id), meta);
    case Class.SEQ:
      return ofMm(withinMm(id) === MMAP_SEQ ? 'mmap_seq' : `vm_sequence:${withinMm(id)}`, mmOf(id), meta);
    case Class.MM_LOCK:
      return ofMm(MM_LOCK_NAMES[index & 0xff] ?? `mm_lock${index & 0xff}`, mmOf(id), meta);
    case Class.GRACE:
      return index === DISK ? 'disk' : (['rcu', 'srcu'][index] ?? '');
    default:
      return '';
  }
}

/** What people read for an object: the name, but with the words of the kernel that is shown. */
export function objectLabel(id: ObjectId, meta: TraceMeta): string {
  const cls = classOf(id);
  if (cls === Class.MMAP_LOCK) return ofMm(meta.mmapLockLabel, indexOf(id), meta);
  if (cls === Class.TABLE) {
    const at = withinMm(id) * TABLE_PAGES * PAGE_BYTES;
    return ofMm(`page table 0x${at.toString(16)}`, mmOf(id), meta);
  }
  if (cls === Class.GRACE) return objectName(id, meta).toUpperCase();
  if (cls === Class.PCP) return `list of CPU ${indexOf(id) & 0xfff} for node ${indexOf(id) >>> 12}`;
  return objectName(id, meta);
}

/** "file:line" of a site, or '' for site 0. */
export function siteLabel(site: SiteIdx, meta: TraceMeta): string {
  const s = meta.sites[site];
  return s === undefined || site === 0 ? '' : `${s.file}:${s.line}`;
}
