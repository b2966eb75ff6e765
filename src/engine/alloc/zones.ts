import { Class, Kind, type ObjectId, objectId, PAGE_BYTES } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { Outcome, Reason } from '../outcome.ts';
import type { World } from '../world.ts';
import { Buddy, type Freeing, MOST_TOGETHER } from './buddy.ts';
import type { Allocator } from './face.ts';
import { Lists } from './pcp.ts';
import { Release } from './release.ts';

/** Pages of a full pagevec, up to 6.8 (include/linux/pagevec.h; facts zone, 2.3). */
export const PAGEVEC_PAGES = 15;
/** Pages that release_pages takes off the LRU in one hold of its lock. */
const SWAP_CLUSTER_MAX = 32;

/**
 * Zones, one per node (a socket each): buddy, per-CPU lists, LRU (facts zone, section 2). A page is a frame of the buddy
 * + 1 for the language, and is in one place at a time: a page table, an mmu_gather, a list of a CPU, or the buddy.
 * Pages that were there before the run have no records and are counted by table and node.
 *
 * What is done under a lock takes the time of its parts: work per page, a transfer for every struct page that another
 * CPU wrote last, and one for each of the lines that move with the lock when another CPU had it before.
 */
export class Zones implements Allocator {
  readonly id = 'zone';
  readonly buddy: Buddy;
  readonly lists: Lists;
  readonly nodes: number;
  /**
   * Ids of the locks: one of a zone, then one of its LRU, node by node. They are too large to be handed about as they are,
   * so engines put them into boxes: with a null before them they keep those they have, instead of making ever new ones.
   */
  private readonly locks: readonly (ObjectId | null)[];
  private readonly e: Engine;
  private readonly w: World;
  readonly release: Release;
  /** ns a page: taken from the buddy, given back to it, picked from a list for that, put on the LRU or taken off. */
  private readonly allocWork: number;
  private readonly freeWork: number;
  private readonly pickWork: number;
  private readonly lruWork: number;
  private readonly lines: number;

  constructor(e: Engine) {
    this.e = e;
    this.w = e.w;
    this.nodes = e.w.sizes.nodes;
    this.buddy = new Buddy(e);
    this.lists = new Lists(e);
    const first = e.program.locks.findIndex(({ name }) => name === 'zone_lock/0');
    const ids = Array.from({ length: 2 * this.nodes }, (_, k) => objectId(Class.LOCK, first + k));
    this.locks = [null, ...ids];
    const { zone } = e.machine;
    this.allocWork = zone.allocWork.value;
    this.freeWork = zone.freeWork.value;
    this.pickWork = zone.pickWork.value;
    this.lruWork = zone.lruWork.value;
    this.lines = zone.holdLines.value;
    this.release = new Release(this, e);
    const pages = e.machine.memoryBytes / PAGE_BYTES;
    for (let node = 0; node < this.nodes; node++) {
      const managed = (pages - (pages % this.nodes)) / this.nodes;
      this.w.zoneManaged[node] = managed;
      this.w.zoneWhole[node] = managed;
    }
  }

  zoneLock(node: number): ObjectId {
    return this.locks[2 * node + 1] as ObjectId;
  }
  lruLock(node: number): ObjectId {
    return this.locks[2 * node + 2] as ObjectId;
  }

  private cpuOf(thread: number): number {
    return this.w.threadCpu[thread] as number;
  }

  /** The list of a thread's CPU for a node. */
  listOf(thread: number, node: number): number {
    return this.lists.index(this.cpuOf(thread), node);
  }

  /** Whether a zone itself has a free page. */
  private hasPages(node: number): boolean {
    return (this.w.zoneWhole[node] as number) > 0 || this.buddy.hasFrames(node);
  }

  /** The thread's own node, or the nearest behind it that has a page for this CPU; -1: memory is used up. */
  preferred(thread: number): number {
    const cpu = this.cpuOf(thread);
    const own = this.e.cpus.socketOf(cpu);
    // Nearly always.
    if (this.lists.count(this.lists.index(cpu, own)) > 0) return own;
    for (let k = 0; k < this.nodes; k++) {
      const node = (own + k) % this.nodes;
      if (this.lists.count(this.lists.index(cpu, node)) > 0 || this.hasPages(node)) return node;
    }
    return -1;
  }

  /** Time under a lock: work, and what comes from other CPUs, which no sibling slows. */
  private pay(thread: number, work: number, transfers: number): void {
    const { e, w } = this;
    const own = work + transfers / e.cpus.factor(this.cpuOf(thread));
    w.due[thread] = (w.due[thread] as number) + own;
  }

  /** The lines that a lock protects come along with it. */
  private broughtAlong(owner: Uint16Array, node: number, thread: number): number {
    const cpu = this.cpuOf(thread);
    const from = owner[node] as number;
    owner[node] = cpu + 1;
    return from === cpu + 1 ? 0 : this.lines * this.e.lines.transfer(from, cpu, node + 1);
  }

  private begin(thread: number, node: number): void {
    this.buddy.begin(this.cpuOf(thread), node);
  }

  private listId(list: number): ObjectId {
    const node = list % this.nodes;
    return objectId(Class.PCP, (node << 12) | ((list - node) / this.nodes));
  }

  /**
   * rmqueue_bulk: moves up to `n` pages from a zone to the tail of the CPU's list; how many it were. `cluster`: those
   * that lie together are unlinked as one, and touched behind the lock (RFC of 2018).
   */
  refill(thread: number, node: number, n: number, cluster: boolean): number {
    const { buddy, lists, w, e } = this;
    const list = this.listOf(thread, node);
    this.begin(thread, node);
    let got = 0;
    // Threads that take turns on a CPU may each have found its list empty.
    const fits = lists.free(list) < n ? lists.free(list) : n;
    while (got < fits) {
      const some = buddy.takeAll(node, fits - got < MOST_TOGETHER ? fits - got : MOST_TOGETHER);
      if (some === 0) break;
      lists.appendAll(list, buddy.pages, some);
      got += some;
    }
    if (got === 0 && fits > 0) got = this.refillWhole(node, list, n);
    const moved = this.broughtAlong(w.zoneOwner, node, thread);
    if (cluster && got > 0) {
      // The head and the tail of the cluster are relinked under the lock, all else is done behind it.
      const ends = got > 2 ? 2 / got : 1;
      this.pay(thread, this.allocWork * got * ends, moved + buddy.cold * ends);
      w.workBehind[thread] =
        (this.allocWork * got + buddy.cold / e.cpus.factor(this.cpuOf(thread))) * (1 - ends);
    } else this.pay(thread, this.allocWork * got, moved + buddy.cold);
    e.emit(Kind.PCP_REFILL, thread, this.listId(list), got, w.state[thread] as number);
    return got;
  }

  /** Records are used up, or only odd pages are left: pages go to the list as a number. */
  private refillWhole(node: number, list: number, n: number): number {
    const { w } = this;
    const left = w.zoneWhole[node] as number;
    // With records to spare the zone is empty; without, frames would be lost.
    if (left >= 1_024) this.e.stop(Outcome.LIMIT, Reason.FRAMES, this.e.running);
    const got = left < n ? left : n;
    w.zoneWhole[node] = left - got;
    w.listWhole[list] = (w.listWhole[list] as number) + got;
    return got;
  }

  /** Time of what a refill left to be done behind the lock. */
  behind(thread: number): number {
    const ns = this.w.workBehind[thread] as number;
    this.w.workBehind[thread] = 0;
    return ns;
  }

  /** Takes up to `n` pages at the tail of a list outside of the lock: free_pcppages_bulk from 4.17 to 5.17. */
  pick(thread: number, n: number): void {
    this.pay(thread, this.pickWork * n, 0);
  }

  /** free_pcppages_bulk: the coldest `n` pages of the CPU's list go back to their zone. `picked`: outside of the lock. */
  drain(thread: number, node: number, n: number, picked: boolean, how: Freeing): void {
    const { buddy, lists, w, e } = this;
    const list = this.listOf(thread, node);
    this.begin(thread, node);
    const whole = w.listWhole[list] as number;
    const counted = whole < n ? whole : n;
    w.listWhole[list] = whole - counted;
    w.zoneWhole[node] = (w.zoneWhole[node] as number) + counted;
    for (let left = n - counted; left > 0; ) {
      const some = left < MOST_TOGETHER ? left : MOST_TOGETHER;
      lists.shiftAll(list, buddy.pages, some);
      buddy.giveAll(some, how);
      left -= some;
    }
    const work = picked ? this.freeWork - this.pickWork : this.freeWork;
    this.pay(thread, work * n, this.broughtAlong(w.zoneOwner, node, thread) + buddy.cold);
    e.emit(Kind.PCP_DRAIN, thread, this.listId(list), n, w.state[thread] as number);
  }

  /** A page of the list of the thread's CPU; it must have one. 0: no record is left for it. */
  private takeFrame(list: number): number {
    const { w, lists } = this;
    if ((w.listCount[list] as number) > 0) return lists.pop(list) + 1;
    // Only counted pages are left: one of them goes back, and one that has a record comes in its place.
    const node = list % this.nodes;
    w.listWhole[list] = (w.listWhole[list] as number) - 1;
    w.zoneWhole[node] = (w.zoneWhole[node] as number) + 1;
    this.buddy.begin((list - node) / this.nodes, node);
    return this.buddy.take(node) + 1;
  }

  allocate(thread: number): number {
    const { e, w } = this;
    const node = this.preferred(thread);
    const list = node < 0 ? -1 : this.listOf(thread, node);
    const page = list < 0 || this.lists.count(list) === 0 ? 0 : this.takeFrame(list);
    if (page === 0) {
      e.stop(Outcome.LIMIT, node < 0 ? Reason.MEMORY : Reason.FRAMES, thread);
      return 0;
    }
    this.own(thread, 1);
    w.pagesInHand[thread] = (w.pagesInHand[thread] as number) + 1;
    return page;
  }

  private own(thread: number, n: number): void {
    const { w } = this;
    const mm = w.threadMm[thread] as number;
    w.clock[3] = (w.clock[3] as number) + n;
    w.mmAllocated[mm] = (w.mmAllocated[mm] as number) + n;
  }

  fill(thread: number, table: number, n: number): void {
    const { w } = this;
    const node = this.preferred(thread);
    const list = this.listOf(thread, node);
    const have = w.listCount[list] as number;
    const some = have < n ? have : n;
    this.release.mapFrom(list, table, some);
    for (let k = some; k < n; k++) {
      const page = this.takeFrame(list);
      if (page === 0) {
        this.e.stop(Outcome.LIMIT, Reason.FRAMES, thread);
        return;
      }
      this.mapped(table, page);
    }
    this.own(thread, n);
    this.addToPagevec(thread, node, n);
  }

  mapped(table: number, page: number): void {
    this.release.map(table, page - 1);
  }

  /** Pages that were there before the run: on the first node that has room. */
  populated(table: number, n: number): void {
    const { w } = this;
    let node = 0;
    while (node < this.nodes - 1 && (w.zoneWhole[node] as number) < n) node++;
    w.zoneWhole[node] = (w.zoneWhole[node] as number) - n;
    w.lruPages[node] = (w.lruPages[node] as number) + n;
    w.tabNode[table] = node;
  }

  /** `n` of a table's pages are in the thread's mmu_gather. */
  unmapped(thread: number, table: number, n: number): void {
    const { w } = this;
    const frames = w.tabFrames[table] as number;
    const k = n < frames ? n : frames;
    if (k > 0) this.release.gather(thread, table, k);
    if (k < n) {
      const at = thread * this.nodes + (w.tabNode[table] as number);
      w.gatherWhole[at] = (w.gatherWhole[at] as number) + n - k;
    }
  }

  free(): void {
    throw new Error('a program that gives pages back as a number is refused when it is built');
  }

  /** A page that never was in a page table goes to the head of its list, or where that is full to its zone. */
  freePage(thread: number, mm: number, page: number): void {
    const { w, buddy, lists } = this;
    const node = buddy.nodeOf(page - 1);
    const list = this.listOf(thread, node);
    if (lists.free(list) > 0) lists.push(list, page - 1);
    else {
      this.begin(thread, node);
      buddy.give(page - 1, { prefetched: false, merge: true });
    }
    w.mmFreed[mm] = (w.mmFreed[mm] as number) + 1;
    w.clock[3] = (w.clock[3] as number) - 1;
  }

  /** How many pages the pagevec of the thread's CPU holds for a node. */
  pagevec(thread: number, node: number): number {
    return this.w.pagevec[this.listOf(thread, node)] as number;
  }

  addToPagevec(thread: number, node: number, n: number): void {
    const at = this.listOf(thread, node);
    this.w.pagevec[at] = (this.w.pagevec[at] as number) + n;
  }

  /** __pagevec_lru_add: the pages of a pagevec go on the LRU, under its lock. */
  lruAdd(thread: number, node: number): void {
    const { w } = this;
    const at = this.listOf(thread, node);
    const n = w.pagevec[at] as number;
    w.pagevec[at] = 0;
    w.lruPages[node] = (w.lruPages[node] as number) + n;
    this.pay(thread, this.lruWork * n, this.broughtAlong(w.lruOwner, node, thread));
  }

  /** Up to 32 pages of the thread's batch, all of one node, leave the LRU; under its lock. How many it were. */
  lruDel(thread: number): number {
    const { w } = this;
    const node = this.release.node(thread);
    const n = this.release.offLru(thread, node, SWAP_CLUSTER_MAX);
    w.lruPages[node] = (w.lruPages[node] as number) - n;
    this.pay(thread, this.lruWork * n, this.broughtAlong(w.lruOwner, node, thread));
    return n;
  }
}
