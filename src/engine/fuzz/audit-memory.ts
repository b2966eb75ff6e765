import { TABLE_PAGES } from '../../event/index.ts';
import { lostPages } from '../alloc/account.ts';
import { PAGEVEC_PAGES, type Zones } from '../alloc/zones.ts';
import type { Engine } from '../engine.ts';
import { VmaState } from '../vmas.ts';
import type { Complain } from './audit-cpus.ts';

/** Page tables: counts, presence bits, freed slots; the accounts of each mm. */
export function auditPages(e: Engine, complain: Complain): void {
  const { w } = e;
  let used = 0;
  for (let mm = 0; mm < e.layout.mms; mm++) {
    let present = 0;
    const end = e.layout.tableBase[mm + 1] as number;
    for (let slot = e.layout.tableBase[mm] as number; slot < end; slot++) {
      const count = w.tabCount[slot] as number;
      present += count;
      if (w.tabState[slot] === 0 && (count !== 0 || w.tabMapping[slot] !== 0))
        complain(`the free table ${slot} is not zeroed`);
      if (count > TABLE_PAGES) complain(`table ${slot} counts ${count} pages`);
      if (w.sizes.pages && presenceBits(w.tabBits, slot) !== count)
        complain(`table ${slot} counts ${count} pages, not as many as its bits`);
    }
    let due = 0;
    let inHand = 0;
    for (let t = 0; t < w.sizes.threads; t++) {
      if (w.threadMm[t] !== mm) continue;
      due += w.rssDue[t] as number;
      inHand += (w.pagesInHand[t] as number) + (w.gatherPages[t] as number);
    }
    const kept = (w.mmAllocated[mm] as number) - (w.mmFreed[mm] as number);
    if (w.mmPresent[mm] !== present)
      complain(`mm ${mm} counts ${w.mmPresent[mm]} pages, its tables ${present}`);
    const lost = w.mmLost[mm] as number;
    if ((w.mmRss[mm] as number) + due !== present + lost)
      complain(`the RSS of mm ${mm} is ${w.mmRss[mm]} and ${due} due for ${present} pages`);
    if (kept !== present + inHand + lost)
      complain(`mm ${mm} keeps ${kept} pages: ${present} present, ${inHand} in hands, ${lost} lost`);
    used += kept;
  }
  if (w.clock[3] !== used)
    complain(`${w.clock[3]} pages of the machine are in use, ${used} by the address spaces`);
}

function presenceBits(bits: Uint32Array, slot: number): number {
  let n = 0;
  for (let k = slot * 16; k < slot * 16 + 16; k++) {
    for (let v = bits[k] as number; v !== 0; v &= v - 1) n++;
  }
  return n;
}

/** Zones: every page frame in one place, the sums, what the LRU counts. */
export function auditZones(e: Engine, zones: Zones, complain: Complain): void {
  const { w } = e;
  const lost = lostPages(zones, e);
  if (lost !== 0) complain(`${lost} pages of the zones are in no place or in several`);
  for (let node = 0; node < zones.nodes; node++) {
    // Who frees a page that still stands in another CPU's pagevec takes it off the LRU before it is there.
    let lru = w.lruPages[node] as number;
    for (let cpu = 0; cpu < e.cpus.count; cpu++) lru += w.pagevec[zones.lists.index(cpu, node)] as number;
    if (lru < 0) complain(`the LRU of node ${node} and its pagevecs have ${lru} pages`);
    if ((w.zoneWhole[node] as number) < 0) complain(`node ${node} has ${w.zoneWhole[node]} untouched pages`);
  }
  for (let list = 0; list < w.listCount.length; list++) {
    if ((w.listCount[list] as number) > w.sizes.listRoom) complain(`list ${list} is longer than its room`);
    if ((w.pagevec[list] as number) > PAGEVEC_PAGES) complain(`pagevec ${list} has ${w.pagevec[list]} pages`);
  }
}

/** The tree of VMAs: in order, without overlap, of linked slots alone; freed slots are zeroed. */
export function auditVmas(e: Engine, complain: Complain): void {
  const { w } = e;
  const per = e.layout.vmas;
  for (let mm = 0; mm < e.layout.mms; mm++) {
    const base = mm * per;
    const n = w.treeCount[mm] as number;
    let above = 0;
    const linked = new Set<number>();
    for (let k = 0; k < n; k++) {
      const at = w.treeSlot[base + k] as number;
      linked.add(at);
      const from = w.vmaStart[at] as number;
      const to = w.vmaEnd[at] as number;
      if (from < above || to <= from) complain(`VMA ${at} from ${from} to ${to} overlaps or is empty`);
      above = to;
    }
    if (above > (e.layout.endPage[mm] as number))
      complain(`mm ${mm} has a VMA up to ${above}, behind its end`);
    for (let at = base; at < base + per; at++) {
      const state = w.vmaState[at] as number;
      if (at - base >= n && w.treeSlot[at] !== 0) complain(`the tree of mm ${mm} has a rest at ${at - base}`);
      // The lowest free slot is taken first: from here on none was ever used.
      if (state === VmaState.FREE && w.vmaGen[at] === 0) break;
      if ((state === VmaState.LINKED) !== linked.has(at))
        complain(`VMA ${at} has state ${state}, which the tree does not know`);
      if (state === VmaState.LINKED && w.vmaChain[at] !== 0) complain(`VMA ${at} in the tree is chained`);
      if (state === VmaState.FREE && !isZeroed(e, at)) complain(`the free VMA slot ${at} is not zeroed`);
    }
  }
}

/** Only its generation outlives a VMA. */
function isZeroed(e: Engine, at: number): boolean {
  const { vmaStart, vmaEnd, vmaFlags, vmaBirth, vmaChain, vmaArea, vmaEvent } = e.w;
  const place = vmaStart[at] === 0 && vmaEnd[at] === 0 && vmaFlags[at] === 0;
  return place && vmaBirth[at] === 0 && vmaChain[at] === 0 && vmaArea[at] === 0 && vmaEvent[at] === 0;
}
