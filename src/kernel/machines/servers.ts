import { assumed, derived, type Machine, type Sourced, sourced } from '../machine.ts';
import {
  commonCosts,
  commonDisk,
  commonEntry,
  commonMemory,
  commonSched,
  commonSmt,
  commonTlb,
} from './common.ts';
import { e5x2680 } from './e5-2680.ts';
import { zoneShares, zoneWork } from './zone.ts';

/**
 * Machines of the batch-size study (facts zone, 1.2). They differ by topology, clock and transfer times alone: all else
 * is the same on every one of them.
 */
interface Topology {
  readonly id: string;
  readonly title: string;
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly threadsPerCore: number;
  readonly gigabytes: number;
  readonly ghz: number;
  readonly line: Machine['line'];
  readonly source: string;
}

const CORE_TO_CORE = 'core-to-core-latency @96a943ac (facts locks 11.1)';
/** 18-20 cycles of a locked instruction (facts locks 11.2). */
const LOCKED_CYCLES = 19;

function transfers(
  ghz: number,
  row: string,
  [sibling, socket, cross]: readonly [number, number, number],
  mark: (value: number, source: string) => Sourced,
): Machine['line'] {
  const source = `${row}, ${CORE_TO_CORE}`;
  return {
    local: derived(LOCKED_CYCLES / ghz, '18-20 cycles of a locked instruction (facts locks 11.2)'),
    sibling: mark(sibling, source),
    socket: mark(socket, source),
    cross: mark(cross, source),
    memory: assumed(90, 'local DRAM on a server of that time'),
  };
}

const skylake = (ghz: number, mark = sourced): Machine['line'] =>
  transfers(ghz, '2 x Gold 6242 Cascade Lake, a Skylake-SP core', [7.4, 48, 141], mark);
const broadwell = (ghz: number, mark = sourced): Machine['line'] =>
  transfers(ghz, '2 x E5-2680 v4 Broadwell', [8.4, 45, 127], mark);

const TOPOLOGIES: readonly Topology[] = [
  {
    id: 'skylake-ex-4s',
    title: '4-socket Skylake-EX, 192 logical CPUs, 768 GB',
    sockets: 4,
    coresPerSocket: 24,
    threadsPerCore: 2,
    gigabytes: 768,
    ghz: 2.5,
    line: skylake(2.5, assumed),
    source: '4 / 96 / 192, 768G (facts zone 1.1, 1.2); the clock is assumed',
  },
  {
    id: 'broadwell-ex-4s',
    title: '4 x E7-8890 v4 (Broadwell-EX), 192 logical CPUs',
    sockets: 4,
    coresPerSocket: 24,
    threadsPerCore: 2,
    gigabytes: 512,
    ghz: 2.2,
    line: broadwell(2.2, assumed),
    source: '4 / 96 / 192, E7-8890 v4 2.20GHz (facts zone 1.2); 512 GB are assumed',
  },
  {
    id: 'skylake-ep-2s',
    title: '2-socket Skylake-EP, 112 logical CPUs',
    sockets: 2,
    coresPerSocket: 28,
    threadsPerCore: 2,
    gigabytes: 192,
    ghz: 2.5,
    line: skylake(2.5),
    source: '2 / 56 / 112 (facts zone 1.2); clock and 192 GB are assumed',
  },
  {
    id: 'broadwell-ep-2s',
    title: '2 x E5-2699 v4 (Broadwell-EP), 88 logical CPUs',
    sockets: 2,
    coresPerSocket: 22,
    threadsPerCore: 2,
    gigabytes: 128,
    ghz: 2.2,
    line: broadwell(2.2),
    source: '2 / 44 / 88, E5-2699 v4 2.20GHz (facts zone 1.2); 128 GB are assumed',
  },
  {
    id: 'haswell-ep-2s',
    title: '2 x E5-2699 v3 (Haswell-EP), 72 logical CPUs',
    sockets: 2,
    coresPerSocket: 18,
    threadsPerCore: 2,
    gigabytes: 128,
    ghz: 2.3,
    line: broadwell(2.3, assumed),
    source: '2 / 36 / 72, E5-2699 v3 2.30GHz (facts zone 1.2); 128 GB are assumed',
  },
  {
    id: 'skylake-desktop',
    title: 'i7-6700 (Skylake desktop), 8 logical CPUs, 16 GB',
    sockets: 1,
    coresPerSocket: 4,
    threadsPerCore: 2,
    gigabytes: 16,
    ghz: 3.4,
    line: skylake(3.4, assumed),
    source: '1 / 4 / 8, i7-6700 3.40GHz (facts zone 1.2); 16 GB are assumed',
  },
];

/** ns of a page of page_fault1 from the fault to its being free again, for one task alone (facts zone 3.2). */
const WHOLE_NS = 1_500;

function server(t: Topology): Machine {
  // "Think time is roughly twice the single-task cost (SMT sharing, cold lines)" while 72 % of the time is spun (facts zone 3.2):
  // a sibling that spins is no idle one.
  const zone = zoneWork(t.ghz, true);
  const base = { zone, line: t.line };
  const zap = e5x2680.costs['zap_page'] as Sourced;
  const shares = zoneShares(base);
  const named = ['fault_checks', 'find_vma', 'alloc_page', 'charge_page', 'set_pte'].map(
    (name) => commonCosts[name]?.value ?? 0,
  );
  const parts = [
    ...named,
    3 * t.line.local.value,
    commonEntry.fault.value,
    commonEntry.access.value,
    commonMemory.clearPage.value,
    zap.value,
    // Freed and allocated: what the allocator takes by itself.
    shares.free,
  ];
  const rest = WHOLE_NS - parts.reduce((a, b) => a + b, 0);
  return {
    id: t.id,
    title: t.title,
    sockets: t.sockets,
    coresPerSocket: t.coresPerSocket,
    threadsPerCore: t.threadsPerCore,
    memoryBytes: t.gigabytes * 2 ** 30,
    topologySource: t.source,
    line: t.line,
    sched: commonSched,
    smtFactor: commonSmt,
    memory: commonMemory,
    tlb: commonTlb,
    entry: commonEntry,
    disk: commonDisk,
    zone,
    costs: {
      ...commonCosts,
      fault_path: derived(
        rest,
        '1,400-1,600 ns a page of page_fault1 by one task (facts zone 3.2) less its named parts',
      ),
      zap_page: derived(zap.value, 'as on e5-2680-2s: half of what the 18 s for 320 GB leave'),
      free_page: derived(shares.free, 'what the allocator takes by itself; nothing beside it is known'),
    },
  };
}

/** The machines of the batch-size study. */
export const servers: readonly Machine[] = TOPOLOGIES.map(server);
