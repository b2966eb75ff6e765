import type { Ns } from '../event/index.ts';
import { ccxOf, cpuCount, type Machine, socketOf } from '../kernel/machine.ts';
import type { Engine } from './engine.ts';
import { spinIndex } from './layout.ts';
import { Lines } from './lines.ts';
import { roundHalfUp } from './numbers.ts';

/**
 * Cache lines of locks where cores come in CCX: a transfer between two of them goes by the line's home, the node whose
 * memory it is in (facts locks, 11.1). Homes are assumed to follow the kernel's default policy, by which memory comes from
 * the node of the CPU that asks for it (Documentation/admin-guide/mm/numa_memory_policy.rst, "local allocation"), and
 * nothing moves later:
 * - the lock of an mm is on the node of the CPU where the process's first thread begins;
 * - that of a page table, which is in its struct page, on the node of the CPU that allocated the table; where that was
 *   before the run, it is as the mm's;
 * - the locks of a zone and its LRU are on that node;
 * - a lock that a document declares is on the node of the CPU that touches it first.
 */
export class HomedLines extends Lines {
  /** CCX of each CPU, no two of the machine with one number. */
  private readonly ccx: Uint16Array;
  /** ns by which a transfer to another CCX is longer than within one: with the line at home, and with its home elsewhere. */
  private readonly home: Ns;
  private readonly away: Ns;

  constructor(e: Engine, { home, away }: NonNullable<Machine['line']['ccx']>) {
    super(e);
    const m = e.machine;
    const within = roundHalfUp(m.line.socket.value);
    this.home = roundHalfUp(home.value) - within;
    this.away = roundHalfUp(away.value) - within;
    this.ccx = Uint16Array.from(
      { length: cpuCount(m) },
      (_, cpu) => socketOf(m, cpu) * m.coresPerSocket + ccxOf(m, cpu),
    );
  }

  override rwsem(i: number, cpu: number): Ns {
    const { rwLineCpu, rwLineBusy, rwLineHome } = this.e.w;
    return this.fetch(rwLineCpu, rwLineBusy, rwLineHome, i, cpu);
  }

  override spin(i: number, cpu: number): Ns {
    const { spinLineCpu, spinLineBusy, spinLineHome } = this.e.w;
    return this.fetch(spinLineCpu, spinLineBusy, spinLineHome, i, cpu);
  }

  override rwsemHome(i: number): number {
    return this.e.w.rwLineHome[i] as number;
  }

  override spinHome(i: number): number {
    return this.e.w.spinLineHome[i] as number;
  }

  override transfer(from: number, cpu: number, home: number): Ns {
    return super.transfer(from, cpu, home) + this.more(from, cpu, home);
  }

  override allocated(table: number, cpu: number): void {
    this.e.w.spinLineHome[table] = this.e.cpus.socketOf(cpu) + 1;
  }

  override freed(table: number): void {
    this.e.w.spinLineHome[table] = 0;
  }

  override settleHomes(): void {
    const { w, cpus, layout, program, zones } = this.e;
    const { tableBase } = layout;
    program.scenario.threads.forEach(({ process }, thread) => {
      if (w.rwLineHome[process] !== 0) return;
      const home = cpus.socketOf(w.threadCpu[thread] as number) + 1;
      w.rwLineHome[process] = home;
      for (let table = tableBase[process] as number; table < (tableBase[process + 1] as number); table++)
        if (w.tabState[table] === 1) w.spinLineHome[table] = home;
    });
    for (let node = 0; zones !== null && node < zones.nodes; node++)
      for (const lock of [zones.zoneLock(node), zones.lruLock(node)])
        w.spinLineHome[spinIndex(layout, lock)] = node + 1;
  }

  /** ns that a transfer from a CPU (+ 1; 0: memory) takes because another CCX of the socket has the line. */
  private more(from: number, cpu: number, home: number): Ns {
    const { cpus } = this.e;
    if (from === 0 || this.ccx[from - 1] === this.ccx[cpu]) return 0;
    const socket = cpus.socketOf(cpu);
    if (cpus.socketOf(from - 1) !== socket) return 0;
    return home === socket + 1 ? this.home : this.away;
  }

  /** A locked operation; a line without a home has one from now on. */
  private fetch(owner: Uint16Array, busy: Float64Array, home: Uint8Array, i: number, cpu: number): Ns {
    if (home[i] === 0) home[i] = this.e.cpus.socketOf(cpu) + 1;
    const more = this.more(owner[i] as number, cpu, home[i] as number);
    const end = this.access(owner, busy, i, cpu) + more;
    if (more !== 0) busy[i] = end;
    return end;
  }
}
