import type { Ns } from '../event/index.ts';
import { coreOf, cpuCount, socketOf } from '../kernel/machine.ts';
import type { Engine } from './engine.ts';
import { roundHalfUp } from './numbers.ts';

/**
 * Cache lines of locks. A line belongs to the CPU that wrote it last; another CPU's locked operation pays the transfer
 * by topology and waits until earlier ones are served, so one line moves once per transfer time however many want it.
 * Where the home of a line matters too, homed-lines.ts says how.
 */
export class Lines {
  protected readonly e: Engine;
  private readonly cpus: number;
  /** How far CPU b is from CPU a, at (a + 1) * cpus + b; row 0 is memory. Bytes, so that a big machine's fit into a cache. */
  private readonly way: Uint8Array;
  /** ns by that. */
  readonly cost: Float64Array;

  constructor(e: Engine) {
    this.e = e;
    const m = e.machine;
    this.cpus = cpuCount(m);
    const { local, sibling, socket, cross, memory } = m.line;
    this.cost = Float64Array.from([local, sibling, socket, cross, memory], (s) => roundHalfUp(s.value));
    this.way = new Uint8Array((this.cpus + 1) * this.cpus).fill(4);
    for (let a = 0; a < this.cpus; a++) {
      for (let b = 0; b < this.cpus; b++) {
        const near =
          a === b ? 0 : coreOf(m, a) === coreOf(m, b) ? 1 : socketOf(m, a) === socketOf(m, b) ? 2 : 3;
        this.way[(a + 1) * this.cpus + b] = near;
      }
    }
  }

  /** A locked operation of `cpu` on the line of rwsem `i`: the time at which it is done. */
  rwsem(i: number, cpu: number): Ns {
    return this.access(this.e.w.rwLineCpu, this.e.w.rwLineBusy, i, cpu);
  }

  /** When `cpu`, which polls the line of rwsem `i`, sees what was just written there. A read takes the line from nobody. */
  rwsemSeen(i: number, cpu: number): Ns {
    return this.e.now + this.transfer(this.e.w.rwLineCpu[i] as number, cpu, this.rwsemHome(i));
  }

  /** Home node + 1 of the line of rwsem `i`, and of spinlock `i`; 0 where homes do not matter. */
  rwsemHome(_i: number): number {
    return 0;
  }
  spinHome(_i: number): number {
    return 0;
  }

  /** A page table was allocated by a CPU: so was the line of its lock. And it was freed. */
  allocated(_table: number, _cpu: number): void {}
  freed(_table: number): void {}

  /** Homes of the lines that are there before the run; threads have their CPUs. */
  settleHomes(): void {}

  /** What it takes to bring a line from a CPU (+ 1; 0: memory) to another one, in ns. `_home`: its home node + 1. */
  transfer(from: number, cpu: number, _home: number): Ns {
    return this.cost[this.way[from * this.cpus + cpu] as number] as number;
  }

  /** A locked operation on the line of spinlock `i`: the time at which it is done. */
  spin(i: number, cpu: number): Ns {
    return this.access(this.e.w.spinLineCpu, this.e.w.spinLineBusy, i, cpu);
  }

  protected access(owner: Uint16Array, busy: Float64Array, i: number, cpu: number): Ns {
    const from = owner[i] as number;
    const took = this.cost[this.way[from * this.cpus + cpu] as number] as number;
    const now = this.e.now;
    const free = busy[i] as number;
    const end = (free > now ? free : now) + took;
    owner[i] = cpu + 1;
    // A line that stayed at home was never away: nobody else has to wait for it. One that was only asked for is under way.
    busy[i] = from !== cpu + 1 ? end : free > now ? free : 0;
    return end;
  }
}
