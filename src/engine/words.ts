import { Class, Kind, MMAP_SEQ, type Ns, objectId } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { whole } from './numbers.ts';

/** Words of an mm: its sequence count, the count of write holds given back, and the line of its rwlock. */
export const MmWord = { MMAP_SEQ: 0, MM_LOCK_SEQ: 1, MM_RB_LOCK: 2 } as const;
export const MM_WORDS = 3;
/** Words of a VMA. */
export const VmaWord = { VM_SEQUENCE: 0, VM_REFCNT: 1, VM_LOCK_SEQ: 2 } as const;
export const VMA_WORDS = 3;

/** A word of a VMA as bytecode handles it: the VMA's handle, and above it the word's number + 1. Those of an mm are object ids. */
const WORD = 2 ** 42;

function highestBit(mask: number): number {
  let bit = 31;
  while (((mask >>> bit) & 1) === 0) bit--;
  return bit;
}

/** Handle of a word of the VMA with this handle. */
export function vmaWordHandle(vma: number, word: number): number {
  return vma + (word + 1) * WORD;
}

/**
 * Words that are read and written without a lock: sequence counts, reference counts, the numbers of per-VMA locks.
 *
 * A CPU that reads one keeps a copy of its line until somebody writes there; the next read then pays the transfer. A
 * locked operation takes the line away from everybody and waits its turn (facts locks, section 12). A plain store is
 * posted: its CPU does not wait, the others do.
 */
export class Words {
  private readonly e: Engine;
  private readonly masks: number;
  private readonly firstVma: number;
  private readonly firstRange: number;
  /** Writers of mmap_sem keep these up to date: part of the lock's own functions (mmap_write_lock and its like). */
  readonly mmapSeq: boolean;
  private readonly mmLockSeq: boolean;

  /** `used`: the operations that the program has. */
  constructor(e: Engine, used: ReadonlySet<string>) {
    this.e = e;
    this.masks = (e.w.sizes.cpus + 31) >>> 5;
    this.firstVma = e.layout.mms * MM_WORDS;
    this.firstRange = this.firstVma + (e.w.sizes.vmaWords ? e.layout.mms * e.layout.vmas * VMA_WORDS : 0);
    this.mmapSeq = used.has('mm_mmap_seq');
    this.mmLockSeq = used.has('mm_lock_seq');
  }

  ofMm(mm: number, word: number): number {
    return mm * MM_WORDS + word;
  }

  /** `at`: slot of the VMA over all mms. */
  ofVma(at: number, word: number): number {
    return this.firstVma + at * VMA_WORDS + word;
  }

  /** `place`: of a list of ranges; see ranges.ts. */
  ofRange(place: number): number {
    return this.firstRange + place;
  }

  /** Index of the word behind a handle; -1 (and a violation) where the VMA that it is part of was freed. */
  indexOf(thread: number, handle: number): number {
    if (handle < WORD) return this.ofMm((handle & 0x0fffffff) >>> 20, MmWord.MMAP_SEQ);
    const word = whole(handle / WORD) - 1;
    const at = this.e.vmas.slotOf(thread, handle - (word + 1) * WORD);
    return at < 0 ? -1 : this.ofVma(at, word);
  }

  /** The same without a word about a freed VMA, for costs. */
  private peek(handle: number): number {
    if (handle < WORD) return this.ofMm((handle & 0x0fffffff) >>> 20, MmWord.MMAP_SEQ);
    const word = whole(handle / WORD) - 1;
    const at = this.e.vmas.peek(handle - (word + 1) * WORD);
    return at < 0 ? -1 : this.ofVma(at, word);
  }

  /** Object id of a sequence count. */
  seqId(i: number): number {
    if (i < this.firstVma) return objectId(Class.SEQ, (((i / MM_WORDS) | 0) << 20) | MMAP_SEQ);
    const at = ((i - this.firstVma) / VMA_WORDS) | 0;
    const mm = (at / this.e.layout.vmas) | 0;
    return objectId(Class.SEQ, (mm << 20) | (at - mm * this.e.layout.vmas));
  }

  /** When a read of the word behind a handle by `cpu` is done. */
  readHandle(handle: number, cpu: number): Ns {
    const i = this.peek(handle);
    return i < 0 ? this.e.now : this.read(i, cpu);
  }

  /** When a locked operation on it is done. */
  lockedHandle(handle: number, cpu: number): Ns {
    const i = this.peek(handle);
    return i < 0 ? this.e.now : this.locked(i, cpu);
  }

  /** Home node + 1 of a word's line: that of its mm's lock; 0 where homes do not matter. */
  private homeOf(i: number): number {
    let mm = i < this.firstVma ? i / MM_WORDS : (i - this.firstVma) / VMA_WORDS / this.e.layout.vmas;
    if (i >= this.firstRange) {
      // Heads first, then the nodes of threads.
      const place = i - this.firstRange;
      const node = place - this.e.layout.mms;
      mm = node < 0 ? place : (this.e.w.threadMm[this.e.ranges.threadOf(node)] as number);
    }
    return this.e.lines.rwsemHome(mm | 0);
  }

  read(i: number, cpu: number): Ns {
    const { w, now } = this.e;
    const from = w.wordCpu[i] as number;
    if (from === cpu + 1) return now;
    const at = i * this.masks + (cpu >>> 5);
    const bit = 1 << (cpu & 31);
    if (((w.wordCopies[at] as number) & bit) !== 0) return now;
    const busy = w.wordBusy[i] as number;
    w.wordCopies[at] = (w.wordCopies[at] as number) | bit;
    return (busy > now ? busy : now) + this.e.lines.transfer(from, cpu, this.homeOf(i));
  }

  locked(i: number, cpu: number): Ns {
    const { w, now } = this.e;
    const from = w.wordCpu[i] as number;
    const others = this.dropCopies(i, cpu);
    const took = this.e.lines.transfer(
      from === cpu + 1 && others >= 0 ? others + 1 : from,
      cpu,
      this.homeOf(i),
    );
    const busy = w.wordBusy[i] as number;
    const end = (busy > now ? busy : now) + took;
    w.wordCpu[i] = cpu + 1;
    w.wordBusy[i] = from !== cpu + 1 || others >= 0 ? end : busy > now ? busy : 0;
    return end;
  }

  /** Takes all copies away; a CPU that had one beside `cpu`, or -1. */
  private dropCopies(i: number, cpu: number): number {
    const { wordCopies } = this.e.w;
    let other = -1;
    for (let k = 0; k < this.masks; k++) {
      const at = i * this.masks + k;
      const mask = wordCopies[at] as number;
      if (mask === 0) continue;
      const own = cpu >>> 5 === k ? 1 << (cpu & 31) : 0;
      const rest = (mask & ~own) >>> 0;
      if (rest !== 0) other = k * 32 + highestBit(rest);
      wordCopies[at] = 0;
    }
    return other;
  }

  /** A plain store of `cpu`: nobody has a copy any more, and the line is there once it has come over. */
  private stored(i: number, cpu: number): void {
    this.locked(i, cpu);
  }

  /** Changes a sequence count by one and says so. */
  bump(thread: number, i: number): void {
    const { e } = this;
    const { w } = e;
    const value = (w.wordValue[i] as number) + 1;
    w.wordValue[i] = value;
    this.stored(i, w.threadCpu[thread] as number);
    e.emit(Kind.SEQUENCE, thread, this.seqId(i), value >>> 0, w.state[thread] as number);
  }

  /** A plain store to another word. */
  store(thread: number, i: number, value: number): void {
    this.e.w.wordValue[i] = value;
    this.stored(i, this.e.w.threadCpu[thread] as number);
  }

  /** A writer owns mmap_sem of an mm from here on (rwsem index `i`; those of mms come first). */
  writeBegins(thread: number, i: number): void {
    if (this.mmapSeq && i < this.e.layout.mms) this.bump(thread, this.ofMm(i, MmWord.MMAP_SEQ));
  }

  /** It gives the lock back, or keeps it for reading. */
  writeEnds(thread: number, i: number): void {
    if (i >= this.e.layout.mms) return;
    if (this.mmapSeq) this.bump(thread, this.ofMm(i, MmWord.MMAP_SEQ));
    if (!this.mmLockSeq) return;
    const at = this.ofMm(i, MmWord.MM_LOCK_SEQ);
    this.store(thread, at, (this.e.w.wordValue[at] as number) + 1);
  }

  /** True while a VMA (slot `at`) of an mm is locked for writing: its number is that of the present write hold. */
  isWriteLocked(mm: number, at: number): boolean {
    if (!this.mmLockSeq || !this.e.w.sizes.vmaWords) return false;
    const { wordValue } = this.e.w;
    return wordValue[this.ofVma(at, VmaWord.VM_LOCK_SEQ)] === wordValue[this.ofMm(mm, MmWord.MM_LOCK_SEQ)];
  }

  /** A VMA was cut in two: whoever has the first half locked for writing has the other half too. */
  split(lower: number, upper: number): void {
    this.fresh(upper);
    if (!this.e.w.sizes.vmaWords) return;
    const { wordValue } = this.e.w;
    for (const k of [VmaWord.VM_LOCK_SEQ, VmaWord.VM_SEQUENCE])
      wordValue[this.ofVma(upper, k)] = wordValue[this.ofVma(lower, k)] as number;
  }

  /** Freed slots are zeroed, but that lines stay where they are. */
  freed(at: number): void {
    if (!this.e.w.sizes.vmaWords) return;
    for (let k = 0; k < VMA_WORDS; k++) this.e.w.wordValue[this.ofVma(at, k)] = 0;
  }

  /** The words of a VMA's slot are those of another VMA from here on. */
  fresh(at: number): void {
    if (!this.e.w.sizes.vmaWords) return;
    for (let k = 0; k < VMA_WORDS; k++) this.e.w.wordValue[this.ofVma(at, k)] = 0;
    this.e.w.wordValue[this.ofVma(at, VmaWord.VM_REFCNT)] = 1;
    // No write hold has this number.
    this.e.w.wordValue[this.ofVma(at, VmaWord.VM_LOCK_SEQ)] = -1;
  }
}
