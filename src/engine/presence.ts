import { PAGE_BYTES, type RangeMoment, TABLE_PAGES, type VmaMoment } from '../event/index.ts';
import type { Engine } from './engine.ts';

/** Parts of the largest range of an mm, and of all ranges of all mms together, at most (but for one more per range). */
const MAX_PARTS = 512;
const MAX_ALL_PARTS = 16_384;

interface Span {
  readonly name: string;
  readonly from: number;
  to: number;
  readonly declared: boolean;
}

/** Every area of the scenario, mapped or not, and what is mapped outside of them; neighbours of the latter are one. */
function spansOf(e: Engine, mm: number, vmas: readonly VmaMoment[]): Span[] {
  const areas = e.program.scenario.processes[mm]?.areas ?? [];
  const all: Span[] = [
    ...areas.map(({ name, startByte, bytes }) => ({
      name,
      from: startByte / PAGE_BYTES,
      to: Math.ceil((startByte + bytes) / PAGE_BYTES),
      declared: true,
    })),
    ...vmas.map(({ name, startPage, pages }) => ({
      name,
      from: startPage,
      to: startPage + pages,
      declared: false,
    })),
  ];
  all.sort((a, b) => a.from - b.from || Number(b.declared) - Number(a.declared));
  const merged: Span[] = [];
  for (const span of all) {
    const before = merged[merged.length - 1];
    const joins =
      before !== undefined &&
      (span.from < before.to || (span.from === before.to && !span.declared && !before.declared));
    if (joins) before.to = Math.max(before.to, span.to);
    else merged.push(span);
  }
  return merged;
}

/** Pages of a part: whole tables, or at grain `page` a part of one that divides it. */
function partPagesOf(e: Engine, spans: readonly Span[]): number {
  const most = Math.max(8, Math.min(MAX_PARTS, MAX_ALL_PARTS / e.layout.mms / 2));
  let largest = 1;
  let total = 0;
  for (const { from, to } of spans) {
    largest = Math.max(largest, to - from);
    total += to - from;
  }
  const wanted = Math.max(largest / most, total / (2 * most));
  if (wanted > TABLE_PAGES || !e.w.sizes.pages) return Math.ceil(wanted / TABLE_PAGES) * TABLE_PAGES;
  let pages = 1;
  while (pages < wanted) pages *= 2;
  return pages;
}

/** What is present where, of every mm. */
export function rangeMoments(e: Engine, vmas: readonly VmaMoment[]): RangeMoment[] {
  const byMm: VmaMoment[][] = Array.from({ length: e.layout.mms }, () => []);
  for (const vma of vmas) byMm[vma.mm]?.push(vma);
  return byMm.flatMap((own, mm) => {
    const spans = spansOf(e, mm, own);
    const partPages = partPagesOf(e, spans);
    return spans.map(({ name, from, to }) => {
      const origin = from - (from % Math.min(partPages, TABLE_PAGES));
      const present = new Uint32Array(Math.ceil((to - origin) / partPages));
      for (let i = 0; i < present.length; i++) {
        const start = Math.max(from, origin + i * partPages);
        present[i] = e.tables.presentPages(mm, start, Math.min(to, origin + (i + 1) * partPages));
      }
      return { mm, name, startPage: from, pages: to - from, origin, partPages, present };
    });
  });
}
