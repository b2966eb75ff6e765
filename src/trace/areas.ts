import { Kind, mmOf, type Ns, type ObjectId, TABLE_PAGES, type VmaMoment, withinMm } from '../event/index.ts';
import { type AreaPages, AreaSeries, type SeriesUpdate } from './area-series.ts';

/** Areas that one mm may have; what comes later joins the nearest below it. */
const MAX_AREAS = 64;
/** Areas of all mms together. */
const MAX_ALL = 512;
/** VMAs that are followed at a time; a broken or hostile trace may have more. */
const MAX_VMAS = 65_536;
/** The flag of a VMA whose pages are being unmapped under the lock held to read. */
const VM_DEAD = 0x40;

/** A range of addresses that was mapped at some time, with its pages over time. */
export interface Area {
  readonly mm: number;
  readonly fromPage: number;
  readonly toPage: number;
  readonly series: AreaSeries;
}

/** An area as it crosses to the page. */
export interface AreaUpdate extends SeriesUpdate {
  readonly area: number;
  readonly mm: number;
  readonly fromPage: number;
  readonly toPage: number;
}

interface Vma {
  readonly area: OpenArea;
  pages: number;
  dead: boolean;
  detached: boolean;
}

interface OpenArea {
  readonly index: number;
  readonly mm: number;
  fromPage: number;
  toPage: number;
  readonly series: AreaSeries;
  readonly now: AreaPages;
}

/** Follows the address spaces record by record: which areas they have, how much of each is present, what is dying. */
export class AreaTracker {
  readonly areas: OpenArea[] = [];
  /** By mm, in order of address. */
  readonly #byMm: OpenArea[][] = [];
  readonly #vmas = new Map<ObjectId, Vma>();
  /** First page of a VMA whose length comes in the next record. */
  #linked: ObjectId = 0;
  #first = 0;

  /** Takes in what was mapped before the first record. */
  begin(vmas: readonly VmaMoment[]): void {
    for (const { id, startPage, pages, presentPages, flags, detached } of vmas) {
      this.#first = startPage;
      this.#link(0, id, pages);
      const vma = this.#vmas.get(id);
      if (vma === undefined) continue;
      vma.area.now.present += presentPages;
      const dead = flags.includes('VM_DEAD');
      this.#change(0, vma, () => {
        vma.dead = dead;
        vma.detached = detached;
      });
    }
  }

  /** Takes in a record of a kind from VMA_LINK to PAGES. */
  record(t: Ns, kind: number, object: ObjectId, arg: number): void {
    if (kind === Kind.PAGES) {
      this.#pages(t, object, arg | 0);
      return;
    }
    const vma = this.#vmas.get(object);
    switch (kind) {
      case Kind.VMA_LINK:
        this.#linked = object;
        this.#first = arg;
        break;
      case Kind.VMA_LENGTH:
        if (this.#linked === object) this.#link(t, object, arg);
        else if (vma !== undefined) this.#change(t, vma, () => (vma.pages = arg));
        this.#linked = 0;
        break;
      case Kind.VMA_FLAGS:
        if (vma !== undefined) this.#change(t, vma, () => (vma.dead = (arg & VM_DEAD) !== 0));
        break;
      case Kind.VMA_DETACH:
        if (vma !== undefined) this.#change(t, vma, () => (vma.detached = true));
        break;
      case Kind.VMA_FREE:
        if (vma === undefined) break;
        this.#change(t, vma, () => (vma.pages = 0));
        this.#vmas.delete(object);
        break;
    }
  }

  #link(t: Ns, object: ObjectId, pages: number): void {
    const old = this.#vmas.get(object);
    if (old !== undefined) this.#change(t, old, () => (old.pages = 0));
    if (this.#vmas.size >= MAX_VMAS) return;
    const area = this.#areaFor(mmOf(object), this.#first, this.#first + pages);
    if (area === undefined) return;
    const vma: Vma = { area, pages: 0, dead: false, detached: false };
    this.#vmas.set(object, vma);
    this.#change(t, vma, () => (vma.pages = pages));
  }

  #change(t: Ns, vma: Vma, change: () => void): void {
    const { now, series } = vma.area;
    const count = (sign: 1 | -1): void => {
      now.mapped += sign * vma.pages;
      if (vma.dead || vma.detached) now.dead += sign * vma.pages;
    };
    count(-1);
    change();
    count(1);
    series.append(t, now);
  }

  #pages(t: Ns, table: ObjectId, change: number): void {
    const first = withinMm(table) * TABLE_PAGES;
    const area = this.#areaOf(this.#byMm[mmOf(table)] ?? [], first);
    if (area === undefined) return;
    area.now.present = Math.max(0, area.now.present + change);
    area.series.append(t, area.now);
  }

  /** The area that the pages of a table belong to; of several the last one. */
  #areaOf(areas: readonly OpenArea[], first: number): OpenArea | undefined {
    let lo = -1;
    let hi = areas.length;
    while (hi - lo > 1) {
      const mid = (lo + hi) >>> 1;
      if (areas[mid].fromPage < first + TABLE_PAGES) lo = mid;
      else hi = mid;
    }
    return lo >= 0 && areas[lo].toPage > first ? areas[lo] : undefined;
  }

  /** The area that a new VMA lies in, made or made larger where need be. */
  #areaFor(mm: number, from: number, to: number): OpenArea | undefined {
    const areas = this.#byMm[mm] ?? [];
    this.#byMm[mm] = areas;
    const overlaps = areas.find((area) => area.fromPage < to && area.toPage > from);
    const full = areas.length >= MAX_AREAS || this.areas.length >= MAX_ALL;
    const near = full ? (areas.findLast((area) => area.fromPage <= from) ?? areas[0]) : undefined;
    const found = overlaps ?? near;
    if (found !== undefined) {
      found.fromPage = Math.min(found.fromPage, from);
      found.toPage = Math.max(found.toPage, to);
      return found;
    }
    if (full) return undefined;
    const area: OpenArea = {
      index: this.areas.length,
      mm,
      fromPage: from,
      toPage: to,
      series: new AreaSeries(),
      now: { mapped: 0, dead: 0, present: 0 },
    };
    this.areas.push(area);
    areas.push(area);
    areas.sort((a, b) => a.fromPage - b.fromPage);
    return area;
  }

  /** What is new since the last call; `t` is how far the recording reaches. */
  takeUpdates(t: Ns): AreaUpdate[] {
    return this.areas.flatMap((area) => {
      area.series.flush(t);
      const update = area.series.takeUpdate();
      if (update === undefined) return [];
      const { index, mm, fromPage, toPage } = area;
      return { ...update, area: index, mm, fromPage, toPage };
    });
  }
}
