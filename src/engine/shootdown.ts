import type { Ns } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { Timer } from './outcome.ts';

/** TLB shootdown for an mm: what it costs the initiator on `cpu`. */
export function shootdownCost(e: Engine, mm: number, cpu: number): Ns {
  const { w, cpus } = e;
  const { tlb } = e.machine;
  let cost = tlb.flush.value;
  for (let word = 0; word < cpus.words; word++) {
    let bits = w.mmCpus[mm * cpus.words + word] as number;
    for (let bit = 0; bits !== 0; bit++, bits >>>= 1) {
      const other = word * 32 + bit;
      if ((bits & 1) === 0 || other === cpu) continue;
      cost += cpus.socketOf(other) === cpus.socketOf(cpu) ? tlb.ipiSocket.value : tlb.ipiCross.value;
    }
  }
  return cost;
}

/** Interrupts every other CPU that may cache translations of the mm; idle ones forget it. Returns how many. */
export function shootdown(e: Engine, mm: number, cpu: number): number {
  const { w, q, cpus, machine } = e;
  let hit = 0;
  for (let word = 0; word < cpus.words; word++) {
    const at = mm * cpus.words + word;
    let bits = w.mmCpus[at] as number;
    for (let bit = 0; bits !== 0; bit++, bits >>>= 1) {
      const other = word * 32 + bit;
      if ((bits & 1) === 0 || other === cpu) continue;
      hit++;
      const thread = (w.cpuThread[other] as number) - 1;
      const runs = thread >= 0 && w.timer[thread] !== Timer.SWITCH && w.threadMm[thread] === mm;
      if (!runs) w.mmCpus[at] = (w.mmCpus[at] as number) & ~(1 << bit);
      else if (q.has(other)) q.set(other, q.timeOf(other) + machine.tlb.receive.value);
    }
  }
  return hit;
}
