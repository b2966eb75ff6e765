import type { PageListMoment, ZoneMoment } from '../../event/index.ts';
import { cpuCount, socketOf } from '../../kernel/machine.ts';
import type { Engine } from '../engine.ts';
import { ORDERS } from './buddy.ts';
import { HighMode } from './pcp.ts';
import type { Zones } from './zones.ts';

/** The zones as plain data. */
export function zoneMoments(zones: Zones, e: Engine): ZoneMoment[] {
  const { w, machine } = e;
  const { numbers, knobs } = e.program.scenario;
  const number = (name: string): number => numbers.find((n) => n.name === name)?.value ?? 0;
  const knob = (name: string): boolean => (knobs.find((k) => k.name === name)?.value ?? 0) !== 0;
  const mode = knob('PCP_HIGH_AUTO')
    ? HighMode.AUTO
    : knob('PCP_HIGH_5_14')
      ? HighMode.WATERMARK
      : HighMode.FIXED;
  const batch = number('batch');
  return Array.from({ length: zones.nodes }, (_, node) => {
    const lists: PageListMoment[] = [];
    let pagevecPages = 0;
    for (let cpu = 0; cpu < cpuCount(machine); cpu++) {
      const list = zones.lists.index(cpu, node);
      pagevecPages += w.pagevec[list] as number;
      const pages = zones.lists.count(list);
      // Lists of other nodes' CPUs are there only where they have something.
      if (pages === 0 && socketOf(machine, cpu) !== node) continue;
      lists.push({ cpu, pages, high: zones.lists.shownHigh(list, number('high'), batch, mode) });
    }
    return {
      node,
      zoneLock: zones.zoneLock(node),
      lruLock: zones.lruLock(node),
      managedPages: w.zoneManaged[node] as number,
      freeBlocks: Array.from(w.freeCount.subarray(node * ORDERS, (node + 1) * ORDERS)),
      untouchedPages: w.zoneWhole[node] as number,
      lruPages: Math.max(0, w.lruPages[node] as number),
      pagevecPages,
      batch,
      lists,
    };
  });
}
