import { type Ns, SEC } from '../../event/index.ts';
import { cpuCount } from '../../kernel/machine.ts';
import { watermarkHigh } from '../../kernel/watermark.ts';
import type { Engine } from '../engine.ts';
import { whole } from '../numbers.ts';
import type { World } from '../world.ts';

/** How `high` is found: 6 x batch; from the low watermark (5.14); by itself (6.7). See kernel/alloc/zone.kp. */
export const HighMode = { FIXED: 0, WATERMARK: 1, AUTO: 2 } as const;

/** Most steps by which a list's batch doubles on one free after another (CONFIG_PCP_BATCH_SCALE_MAX of 6.7). */
const MOST_DOUBLINGS = 5;
/** vmstat's worker lowers `high` so often, by an eighth (facts zone, 2.4: Huang Ying 2023). */
const DECAY_EVERY: Ns = SEC;

/**
 * Per-CPU page lists: one for every CPU and zone. New pages are taken at the head, where the last freed one is; batches
 * come in at the tail and go from there. Pages without records are only counted, and are the coldest.
 */
export class Lists {
  private readonly e: Engine;
  private readonly w: World;
  private readonly nodes: number;
  /** Pages with records that a list has room for, a power of two. */
  private readonly room: number;
  private readonly cpusOfZone: number;
  private readonly machinePages: number;

  constructor(e: Engine) {
    this.e = e;
    this.w = e.w;
    const { sizes } = e.w;
    this.nodes = sizes.nodes;
    this.room = sizes.listRoom;
    this.cpusOfZone = cpuCount(e.machine) / e.machine.sockets;
    this.machinePages = e.machine.memoryBytes / 4_096;
  }

  index(cpu: number, node: number): number {
    return cpu * this.nodes + node;
  }

  count(list: number): number {
    return (this.w.listCount[list] as number) + (this.w.listWhole[list] as number);
  }

  /** Puts a page at the head. */
  push(list: number, frame: number): void {
    const { w, room } = this;
    const head = ((w.listHead[list] as number) - 1) & (room - 1);
    w.listHead[list] = head;
    w.listPages[list * room + head] = frame;
    w.listCount[list] = (w.listCount[list] as number) + 1;
  }

  /** Puts `n` pages at the head, one after the other, that stand in `from` from `at` on. */
  pushAll(list: number, from: Int32Array, at: number, n: number): void {
    const { w, room } = this;
    const base = list * room;
    let head = w.listHead[list] as number;
    for (let k = 0; k < n; k++) {
      head = (head - 1) & (room - 1);
      w.listPages[base + head] = from[at + k] as number;
    }
    w.listHead[list] = head;
    w.listCount[list] = (w.listCount[list] as number) + n;
  }

  /** Puts the first `n` pages of `from` at the tail, one after the other. */
  appendAll(list: number, from: Int32Array, n: number): void {
    const { w, room } = this;
    const { listPages } = w;
    const base = list * room;
    const have = w.listCount[list] as number;
    // A list that is filled again and again while it is empty stays in the same few cache lines.
    if (have === 0) w.listHead[list] = 0;
    const tail = (w.listHead[list] as number) + have;
    for (let k = 0; k < n; k++) listPages[base + ((tail + k) & (room - 1))] = from[k] as number;
    w.listCount[list] = have + n;
  }

  /** Takes the page at the head. */
  pop(list: number): number {
    const { w, room } = this;
    const head = w.listHead[list] as number;
    w.listHead[list] = (head + 1) & (room - 1);
    w.listCount[list] = (w.listCount[list] as number) - 1;
    return w.listPages[list * room + head] as number;
  }

  /** Takes `n` pages at the head, one after the other, into `into` from `at` on. */
  popAll(list: number, into: Int32Array, at: number, n: number): void {
    const { w, room } = this;
    const { listPages } = w;
    const base = list * room;
    const head = w.listHead[list] as number;
    for (let k = 0; k < n; k++) into[at + k] = listPages[base + ((head + k) & (room - 1))] as number;
    w.listHead[list] = (head + n) & (room - 1);
    w.listCount[list] = (w.listCount[list] as number) - n;
  }

  /** Takes `n` pages at the tail, one after the other, into `into`. */
  shiftAll(list: number, into: Int32Array, n: number): void {
    const { w, room } = this;
    const { listPages } = w;
    const base = list * room;
    const left = (w.listCount[list] as number) - n;
    const first = (w.listHead[list] as number) + left;
    for (let k = 0; k < n; k++) into[k] = listPages[base + ((first + n - 1 - k) & (room - 1))] as number;
    w.listCount[list] = left;
  }

  /** Pages with records that still fit. */
  free(list: number): number {
    return this.room - (this.w.listCount[list] as number);
  }

  /** Pages from which on a list gives a batch back. */
  high(list: number, high: number, batch: number, mode: number): number {
    if (mode === HighMode.AUTO) this.decay(list, this.least(list, batch));
    return this.shownHigh(list, high, batch, mode);
  }

  /** The same without a change of anything: as it was when the list was last used. */
  shownHigh(list: number, high: number, batch: number, mode: number): number {
    if (mode === HighMode.FIXED) return high;
    const least = this.least(list, batch);
    if (mode === HighMode.WATERMARK) return least;
    const own = this.w.listHigh[list] as number;
    return own > least ? own : least;
  }

  private least(list: number, batch: number): number {
    const zone = this.w.zoneManaged[list % this.nodes] as number;
    return watermarkHigh(zone, this.machinePages, this.cpusOfZone, batch);
  }

  /** The vmstat worker came by as often as it would have meanwhile. */
  private decay(list: number, least: number): void {
    const { w } = this;
    let own = w.listHigh[list] as number;
    let since = w.listDecay[list] as number;
    while (since + DECAY_EVERY <= this.e.now) {
      since += DECAY_EVERY;
      own = own - (own >>> 3) > least ? own - (own >>> 3) : least;
    }
    w.listHigh[list] = own;
    w.listDecay[list] = since;
  }

  /** How many pages a refill takes: a batch, or ever more of them where lists tune themselves. */
  refill(list: number, high: number, batch: number, mode: number): number {
    const { w } = this;
    w.listDoubled[list] = (w.listDoubled[list] as number) >>> 1;
    if (mode !== HighMode.AUTO) return batch;
    const n = batch << (w.listTaken[list] as number);
    if ((w.listTaken[list] as number) < MOST_DOUBLINGS) w.listTaken[list] = (w.listTaken[list] as number) + 1;
    // A list that asks its zone is too short for what its CPU does.
    const grown = this.high(list, high, batch, mode) + n;
    const most = this.mostHigh(list);
    w.listHigh[list] = grown < most ? grown : most;
    return n < this.free(list) ? n : this.free(list);
  }

  /** Lists of a zone never have more than an eighth of it (the least percpu_pagelist_high_fraction), nor more than fits. */
  private mostHigh(list: number): number {
    const share = whole((this.w.zoneManaged[list % this.nodes] as number) / 8 / this.cpusOfZone);
    const fits = this.room >>> 1;
    return share < fits ? share : fits;
  }

  /** How many pages a full list gives back; the batch doubles while it frees one after the other (3b12e7e97938, 5.14). */
  drain(list: number, high: number, batch: number, mode: number): number {
    const { w } = this;
    w.listTaken[list] = 0;
    const have = this.count(list);
    if (mode === HighMode.FIXED) return batch < have ? batch : have;
    const doubled = w.listDoubled[list] as number;
    const most = this.high(list, high, batch, mode) - batch;
    const n = batch << doubled;
    if (n < most) w.listDoubled[list] = doubled + 1;
    const some = n < most ? n : most;
    const least = some > batch ? some : batch;
    return least < have ? least : have;
  }
}
