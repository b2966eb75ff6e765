import { Class, Kind, NO_THREAD, objectId, PAGE_BYTES, State, TABLE_PAGES } from '../event/index.ts';
import { recordOf } from '../kernel/catalogue.ts';
import { cpuCount, type Machine } from '../kernel/machine.ts';
import { VM_FLAGS, vocabulary } from '../kernel/ops.ts';
import { watermarkHigh } from '../kernel/watermark.ts';
import type { Program } from '../language/program.ts';
import { BLOCK_PAGES, MOST_FRAMES } from './alloc/buddy.ts';
import type { MakeAllocator } from './alloc/face.ts';
import { fragment } from './alloc/fragmented.ts';
import { simpleAllocator } from './alloc/simple.ts';
import { Zones } from './alloc/zones.ts';
import { Engine } from './engine.ts';
import { Interpreter } from './interpreter.ts';
import type { Layout } from './layout.ts';
import type { MutexModel, RwsemModel, SpinlockModel } from './locks/face.ts';
import { mutex } from './locks/mutex.ts';
import { qspinlock } from './locks/qspinlock.ts';
import { rwsem38 } from './locks/rwsem-3.8.ts';
import { rwsem310 } from './locks/rwsem-3.10.ts';
import { rwsem316 } from './locks/rwsem-3.16.ts';
import { rwsem53 } from './locks/rwsem-5.3.ts';
import { rwsem511 } from './locks/rwsem-5.11.ts';
import { testAndSet } from './locks/test-and-set.ts';
import { ticket } from './locks/ticket.ts';
import { bind, misfitOf, usedWords } from './ops/index.ts';
import { ownCpus } from './schedule.ts';
import { MM_WORDS, VMA_WORDS } from './words.ts';
import { newWorld, RANGES, type Sizes, worldBytes } from './world.ts';

export interface Choices {
  /** Ids of a rwsem generation or of what stands in for it, a mutex and a spinlock. */
  readonly mmapLock: string;
  readonly mutex: string;
  readonly spinlock: string;
  /** Id of an allocator. */
  readonly alloc: string;
  readonly grain: 'page' | 'table';
  readonly seed: number;
}

/** A scenario that cannot be built: what is too large or unknown, in words. */
export class BuildError extends Error {}

/** Locks by catalogue id. One more: a file in locks/ and a line here. */
const RWSEMS: readonly RwsemModel[] = [rwsem38, rwsem310, rwsem316, rwsem53, rwsem511];
const MUTEXES: readonly MutexModel[] = [mutex];
const SPINLOCKS: readonly SpinlockModel[] = [qspinlock, ticket, testAndSet];
const ALLOCATORS: Readonly<Record<string, MakeAllocator>> = {
  simple: simpleAllocator,
  zone: (e) => new Zones(e),
};

/** Operations for which VMAs must have locks, or words. */
const VMA_LOCK_WORDS = ['vma_vm_lock', 'vma_refcount_get', 'vma_enter_locked'];
const VMA_WORD_WORDS = [...VMA_LOCK_WORDS, 'vma_vm_sequence', 'vma_refcount', 'vma_lock_seq'];

/** Those for which a thread must have ranges, words for the nodes of their lists, and spinlocks over their trees. */
const LIST_WORDS = ['range_list_find', 'range_list_insert', 'range_list_wait', 'range_list_mark'];
const TREE_WORD = 'mm_range_tree';
const RANGE_WORDS = [...LIST_WORDS, 'range_insert', 'range_tryinsert'];

/** What a layout says of sizes. */
type Laid = Pick<Sizes, 'tables' | 'vmas' | 'rwsems' | 'words' | 'vmaWords' | 'ranges'>;

/** Operations that free VMAs after a grace period, and how many VMAs may wait for one. */
const GRACE_WORDS = ['call_rcu_free_vmas', 'call_srcu_free_vmas'];
const GRACE_VMAS = 16_384;

const MAX_WORLD_BYTES = 512 * 2 ** 20;
const MAX_TABLES_OF_MM = 2 ** 20;
const MAX_THREADS = 4_096;
/** Eight bits of an object id. */
const MAX_MMS = 256;
/**
 * Tables left for mmap behind the declared areas of an mm, where the scenario's number most_mapped does not ask for more;
 * gaps between and holes in the areas are used first.
 */
const SPARE_TABLES = { page: 16, table: 1_024 } as const;
/** A handle of a VMA has room for so many slots of an mm. */
const MAX_VMAS = 65_535;

/** A number of the scenario by name, or what holds without it. */
function numberOf(program: Program, name: string, otherwise: number): number {
  return program.scenario.numbers.find((n) => n.name === name)?.value ?? otherwise;
}

function makeLayout(
  program: Program,
  choices: Choices,
  used: ReadonlySet<string>,
): { layout: Layout; sizes: Laid } {
  const processes = program.scenario.processes;
  const n = processes.length;
  if (n > MAX_MMS) throw new BuildError(`${n} processes are more than the ${MAX_MMS} that a run can hold`);
  const mapped = Math.ceil(numberOf(program, 'most_mapped', 0) / (PAGE_BYTES * TABLE_PAGES));
  const spare = Math.max(SPARE_TABLES[choices.grain], mapped);
  const tableBase = new Int32Array(n + 1);
  const endPage = new Float64Array(n);
  let mostAreas = 0;
  processes.forEach((p, mm) => {
    let top = PAGE_BYTES * TABLE_PAGES;
    for (const area of p.areas) top = Math.max(top, area.startByte + area.bytes);
    const tables = Math.ceil(top / (PAGE_BYTES * TABLE_PAGES)) + 1;
    if (tables + spare > MAX_TABLES_OF_MM) {
      const most = (MAX_TABLES_OF_MM * TABLE_PAGES * PAGE_BYTES) / 2 ** 40;
      throw new BuildError(
        `the areas of process ${p.name} are larger than the ${most} TiB that an mm can hold`,
      );
    }
    endPage[mm] = (tables + spare) * TABLE_PAGES;
    tableBase[mm + 1] = (tableBase[mm] as number) + tables + spare;
    mostAreas = Math.max(mostAreas, p.areas.length);
  });
  let rwsems = n;
  let spinlocks = tableBase[n] as number;
  const lockIndex = Int32Array.from(program.locks, (l) => (l.kind === 'spinlock' ? spinlocks++ : rwsems++));
  // What is freed after a grace period keeps its slot until then.
  const waiting = n <= 4 && GRACE_WORDS.some((word) => used.has(word)) ? GRACE_VMAS : 0;
  const spareVmas = Math.max(n <= 4 ? 1_024 : 128, numberOf(program, 'most_vmas', 0));
  const vmas = mostAreas * 2 + spareVmas + waiting;
  if (!(vmas <= MAX_VMAS && vmas % 1 === 0))
    throw new BuildError(
      `${vmas} VMAs of a process are no whole number up to the ${MAX_VMAS} that a run can hold`,
    );
  const vmaLocks = rwsems;
  if (VMA_LOCK_WORDS.some((word) => used.has(word))) rwsems += n * vmas;
  const vmaWords = VMA_WORD_WORDS.some((word) => used.has(word));
  const ranges = RANGE_WORDS.some((word) => used.has(word)) ? program.scenario.threads.length * RANGES : 0;
  const nodes = LIST_WORDS.some((word) => used.has(word)) ? n + ranges : 0;
  const words = n * MM_WORDS + (vmaWords ? n * vmas * VMA_WORDS : 0) + nodes;
  const rangeTrees = used.has(TREE_WORD) ? spinlocks : -1;
  return {
    layout: { tableBase, mms: n, vmas, lockIndex, vmaLocks, rangeTrees, endPage },
    sizes: { tables: tableBase[n] as number, vmas, rwsems, words, vmaWords, ranges },
  };
}

function makeSizes(program: Program, machine: Machine, choices: Choices, part: Laid, trees: number): Sizes {
  const threads = program.scenario.threads.length;
  if (threads === 0) throw new BuildError(`scenario ${program.scenario.name} has no threads`);
  if (threads > MAX_THREADS)
    throw new BuildError(`${threads} threads are more than the ${MAX_THREADS} that a run can hold`);
  const rw = program.locks.filter((l) => l.kind !== 'spinlock').length;
  const sizes: Sizes = {
    threads,
    registers: program.registers,
    cpus: cpuCount(machine),
    sockets: machine.sockets,
    mms: program.scenario.processes.length,
    ...part,
    pages: choices.grain === 'page',
    spinlocks: part.tables + program.locks.length - rw + trees,
    files: hasFiles(program, choices, part.ranges > 0),
    homes: machine.line.ccx !== undefined,
    shared: program.sharedSlots,
    counters: program.names['counter']?.length ?? 0,
    ...zoneSizes(program, machine, choices, part.tables),
    scheduled: program.scenario.schedule.length > 0,
  };
  const bytes = worldBytes(sizes);
  if (bytes > MAX_WORLD_BYTES) {
    const mb = Math.round(bytes / 2 ** 20);
    throw new BuildError(
      `the world would take ${mb} MB, more than ${MAX_WORLD_BYTES / 2 ** 20}; smaller areas or grain=table help`,
    );
  }
  return sizes;
}

/**
 * Makes a world ready to run: areas mapped (and filled where they say so), threads at their first instruction.
 * @throws BuildError when a choice is unknown, a size absurd, a thread pinned to a CPU that the machine lacks or, with a
 * schedule, to one that another thread has.
 */
export function build(
  program: Program,
  machine: Machine,
  choices: Choices,
): { engine: Engine; interpreter: Interpreter } {
  const locks = {
    rwsem: model(RWSEMS, recordOf('mmapLock', choices.mmapLock)?.rwsem ?? choices.mmapLock),
    mutex: model(MUTEXES, choices.mutex),
    spinlock: model(SPINLOCKS, choices.spinlock),
  };
  const makeAllocator = ALLOCATORS[choices.alloc];
  if (makeAllocator === undefined) throw new BuildError(`no allocator '${choices.alloc}'`);
  const misfit = misfitOf(program.code, vocabulary, choices.alloc === 'zone');
  if (misfit !== undefined) throw new BuildError(misfit);
  const used = usedWords(program.code, vocabulary);
  const { layout, sizes: part } = makeLayout(program, choices, used);
  const sizes = makeSizes(program, machine, choices, part, layout.rangeTrees < 0 ? 0 : layout.mms);
  const world = newWorld(sizes);
  const engine = new Engine(world, program, machine, layout, locks, makeAllocator, choices.seed, used);
  fill(engine);
  startThreads(engine);
  engine.lines.settleHomes();
  engine.settle();
  return { engine, interpreter: new Interpreter(engine, bind(vocabulary)) };
}

/** A list that tunes itself may hold so many pages with records. */
const AUTO_ROOM = 12_288;
/** Beside the pages in use and on lists: blocks that are only used in part, a few of each node. */
const SPARE_BLOCKS = 4;
/** What mmap may bring in where the scenario does not say how much: pages, and page tables with few pages. */
const SPARE_PAGES = 16_384;
const SPARE_ROWS = 512;

/** What zones need room for: the pages that may be in use at a time, and those on lists. */
function zoneSizes(
  program: Program,
  machine: Machine,
  choices: Choices,
  tables: number,
): Pick<Sizes, 'nodes' | 'frames' | 'rows' | 'listRoom'> {
  if (choices.alloc !== 'zone') return { nodes: 0, frames: 0, rows: 0, listRoom: 0 };
  const { processes, knobs } = program.scenario;
  const number = (name: string, otherwise: number): number => numberOf(program, name, otherwise);
  const knob = (name: string): boolean => (knobs.find((k) => k.name === name)?.value ?? 0) !== 0;
  const batch = number('batch', 31);
  const high = number('high', 6 * batch);
  if (!(batch >= 1 && batch <= 65_536 && batch % 1 === 0))
    throw new BuildError(`batch is a whole number of pages from 1 to 65536, not ${batch}`);
  if (!(high >= batch && high <= 1_048_576 && high % 1 === 0))
    throw new BuildError(`high is a whole number of pages from batch (${batch}) to 1048576, not ${high}`);
  const cpus = cpuCount(machine);
  const pages = machine.memoryBytes / PAGE_BYTES;
  let most = high;
  if (knob('PCP_HIGH_5_14'))
    most = watermarkHigh(pages / machine.sockets, pages, cpus / machine.sockets, batch);
  if (knob('PCP_HIGH_AUTO')) most = AUTO_ROOM;
  const listRoom = 2 ** Math.ceil(Math.log2(most + batch + 64));
  let free = 0;
  let areas = 0;
  for (const { bytes, flags } of processes.flatMap((p) => p.areas)) {
    if (flags.includes('populated')) continue;
    free += Math.ceil(bytes / PAGE_BYTES);
    areas += Math.ceil(bytes / PAGE_BYTES / TABLE_PAGES) + 1;
  }
  const inUse = Math.min(number('most_pages', free + SPARE_PAGES), pages);
  const fragmented = number('fragmented_pages', 0);
  if (!(fragmented >= 0 && fragmented <= inUse))
    throw new BuildError(
      `fragmented_pages is a number of pages from 0 to those in use at a time (${inUse}), not ${fragmented}`,
    );
  // A CPU has a list for every node: those of the others fill where it frees pages that came from there.
  const onLists = cpus * (listRoom + (machine.sockets - 1) * (high + batch));
  if (inUse > MOST_FRAMES)
    throw new BuildError(`${inUse} pages in use are more than the ${MOST_FRAMES} that a run can tell apart`);
  const wanted = Math.ceil((inUse + onLists) / BLOCK_PAGES) + SPARE_BLOCKS * machine.sockets;
  // Lists are never all full at once; a run that needs more ends and says so.
  const blocks = Math.min(wanted, Math.floor(MOST_FRAMES / BLOCK_PAGES));
  const rows = Math.ceil(inUse / TABLE_PAGES) + areas + SPARE_ROWS + 2 * program.scenario.threads.length;
  return { nodes: machine.sockets, frames: blocks * BLOCK_PAGES, rows: Math.min(rows, tables), listRoom };
}

function model<M extends { readonly id: string }>(models: readonly M[], id: string): M {
  const found = models.find((m) => m.id === id);
  if (found === undefined) throw new BuildError(`no lock model '${id}'`);
  return found;
}

/** Areas map files. Pages of the page cache are a number, which zones have no frames for. */
function hasFiles(program: Program, choices: Choices, ranged: boolean): boolean {
  const areas = program.scenario.processes.flatMap((p) => p.areas);
  const file = areas.find(({ flags }) => flags.includes('file'));
  if (file !== undefined && choices.alloc === 'zone')
    throw new BuildError(`area ${file.name} maps a file, whose pages zones do not count: set alloc = simple`);
  if (file !== undefined && ranged)
    throw new BuildError(
      `area ${file.name} maps a file, which locks over ranges do not know: set mmapLock = rwsem-5.11`,
    );
  return file !== undefined;
}

function fill(e: Engine): void {
  const w = e.w;
  const before = e.count;
  e.program.scenario.processes.forEach((process, mm) => {
    process.areas.forEach((area, k) => {
      const from = area.startByte / PAGE_BYTES;
      const to = Math.ceil((area.startByte + area.bytes) / PAGE_BYTES);
      if (to <= from) throw new BuildError(`area ${area.name} is empty`);
      const file = area.flags.includes('file');
      const populated = area.flags.includes('populated');
      const slot = e.vmas.link(NO_THREAD, mm, from, to, file ? 3 | VM_FLAGS.VM_FILE : 3, k + 1);
      if (populated) populate(e, mm, from, to, w.vmaBirth[slot] as number);
      if (file && populated) e.files.fill(mm, from, to);
    });
    const limit = e.machine.memoryBytes / PAGE_BYTES;
    if ((w.clock[3] as number) > limit) {
      const gb = Math.round((e.machine.memoryBytes / 2 ** 30) * 10) / 10;
      throw new BuildError(`the populated areas do not fit into the ${gb} GB of machine ${e.machine.id}`);
    }
    w.mmRss[mm] = w.mmPresent[mm] as number;
    e.emit(Kind.RSS, NO_THREAD, objectId(Class.MM, mm), w.mmRss[mm] as number, 0);
  });
  e.endStep(before);
  if (e.zones !== null) fragment(e, e.zones, numberOf(e.program, 'fragmented_pages', 0));
}

function populate(e: Engine, mm: number, from: number, to: number, birth: number): void {
  const w = e.w;
  const base = e.layout.tableBase[mm] as number;
  for (let page = from; page < to; ) {
    const table = Math.floor(page / TABLE_PAGES);
    const end = Math.min(to, (table + 1) * TABLE_PAGES);
    const slot = base + table;
    w.tabState[slot] = 1;
    w.tabMapping[slot] = birth;
    w.tabCount[slot] = (w.tabCount[slot] as number) + end - page;
    e.zones?.populated(slot, end - page);
    if (w.sizes.pages) {
      for (let p = page; p < end; p++) {
        const bit = p % TABLE_PAGES;
        const at = slot * 16 + (bit >>> 5);
        w.tabBits[at] = (w.tabBits[at] as number) | (1 << (bit & 31));
      }
    }
    page = end;
  }
  w.mmPresent[mm] = (w.mmPresent[mm] as number) + to - from;
  w.mmAllocated[mm] = (w.mmAllocated[mm] as number) + to - from;
  w.clock[3] = (w.clock[3] as number) + to - from;
}

function startThreads(e: Engine): void {
  const w = e.w;
  const cpus = cpuCount(e.machine);
  const { threads, schedule } = e.program.scenario;
  const own = schedule.length > 0 ? ownCpus(threads, cpus) : [];
  if (typeof own === 'string') throw new BuildError(own);
  threads.forEach((plan, t) => {
    const template = e.program.templates[plan.template];
    if (template === undefined) throw new BuildError(`thread ${plan.name} has no code`);
    if (plan.cpu !== null && !(plan.cpu >= 0 && plan.cpu < cpus)) {
      throw new BuildError(
        `thread ${plan.name} is pinned to CPU ${plan.cpu}, but machine ${e.machine.id} has CPUs 0 to ${cpus - 1}`,
      );
    }
    w.regs.set(template.init, t * w.sizes.registers);
    w.regs[t * w.sizes.registers] = plan.index;
    w.regs[t * w.sizes.registers + 1] = plan.process + 1;
    w.pc[t] = template.entry;
    w.threadMm[t] = plan.process;
    w.state[t] = State.IDLE;
    w.threadCpu[t] = plan.cpu ?? own[t] ?? t % cpus;
    w.pinned[t] = plan.cpu === null ? 0 : 1;
    w.mmUsers[plan.process] = (w.mmUsers[plan.process] as number) + 1;
    if (!plan.daemon) w.run[5] = (w.run[5] as number) + 1;
  });
  for (let t = 0; t < threads.length; t++) e.cpus.start(t);
  e.program.shared.forEach((v) => {
    for (let k = 0; k < v.length; k++) w.shared[v.slot + k] = v.initial;
  });
}
