import { assumed, derived, type Machine, type Sourced, sourced } from '../machine.ts';
import {
  commonCosts,
  commonDisk,
  commonEntry,
  commonMemory,
  commonSched,
  commonSmt,
  commonTlb,
  faultPath,
  idleStates,
} from './common.ts';
import { e5x2680 } from './e5-2680.ts';
import { zoneWork } from './zone.ts';

/**
 * Machines of the studies of page faults (facts faults, 2e, 3e, 12.1, 12.3). What one thread takes for a fault of an
 * anonymous page is known; its parts are fitted into that, and fault_path is the rest.
 */

const LOCKED_CYCLES = 19;
const LOCKED = '18-20 cycles of a locked instruction (facts locks 11.2)';
/** 715 cycles of the exception and 330 of the return (Torvalds, 30 Apr 2014; facts faults 12.1). */
const FAULT_CYCLES = 1_045;
const CORE_TO_CORE = 'core-to-core-latency @96a943ac (facts locks 11.1)';

const MEMORY = assumed(90, 'local DRAM on a server of that time');

function intelLine(ghz: number, row: string, [sibling, socket, cross]: readonly [number, number, number]) {
  const source = `${row}, ${CORE_TO_CORE}: the facts have no row for this machine, and that one is the nearest`;
  return {
    local: derived(LOCKED_CYCLES / ghz, `${LOCKED} at ${ghz} GHz`),
    sibling: assumed(sibling, source),
    socket: assumed(socket, source),
    cross: assumed(cross, source),
    memory: MEMORY,
  };
}

/** Parts of a page's way back that no source has for these machines. */
function pageBack(): Machine['costs'] {
  const as = (name: string): Sourced =>
    assumed(e5x2680.costs[name]?.value ?? 0, 'as on e5-2680-2s: half of what the 18 s for 320 GB leave');
  return { zap_page: as('zap_page'), free_page: as('free_page') };
}

interface Intel {
  readonly id: string;
  readonly title: string;
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly gigabytes: number;
  readonly ghz: number;
  readonly line: Machine['line'];
  readonly idle: Machine['sched']['idle'];
  /** Where the cycles of an exception were counted is this machine's generation. */
  readonly haswell: boolean;
  readonly whole: Sourced;
  readonly source: string;
}

function intel(t: Intel): Machine {
  const cycles = '715 cycles of the exception + 330 of its return on Haswell (facts faults 12.1)';
  const mark = t.haswell ? derived : assumed;
  const entry = { ...commonEntry, fault: mark(FAULT_CYCLES / t.ghz, `${cycles} at ${t.ghz} GHz`) };
  return {
    id: t.id,
    title: t.title,
    sockets: t.sockets,
    coresPerSocket: t.coresPerSocket,
    threadsPerCore: 2,
    memoryBytes: t.gigabytes * 2 ** 30,
    topologySource: t.source,
    line: t.line,
    sched: { ...commonSched, idle: t.idle },
    smtFactor: commonSmt,
    memory: commonMemory,
    tlb: commonTlb,
    entry,
    disk: commonDisk,
    zone: zoneWork(t.ghz),
    costs: {
      ...commonCosts,
      fault_path: faultPath(t.line, commonCosts, entry, commonMemory, t.whole),
      ...pageBack(),
    },
  };
}

const TWO_SOCKETS = '1,700 ns of a whole fault: 1,600-1,800 on 2-socket Intel servers (facts faults 12.1)';

const haswell = intel({
  id: 'haswell-ep-24c',
  title: 'HP Z840, 2 x E5-2690 v3 (Haswell-EP), 48 logical CPUs',
  sockets: 2,
  coresPerSocket: 12,
  gigabytes: 128,
  ghz: 2.6,
  line: intelLine(2.6, '2 x E5-2680 v4 Broadwell', [8.4, 45, 127]),
  idle: idleStates('hsw_cstates: those that a server has', [
    ['C1', 2, 2],
    ['C1E', 10, 20],
    ['C3', 33, 100],
    ['C6', 133, 400],
  ]),
  haswell: true,
  whole: derived(1_700, TWO_SOCKETS),
  source:
    'HP Z840, 2x E5-2690v3, 24c/48t (facts faults 3e); the clock of 2.6 GHz is recalled and 128 GB are assumed',
});

const SANDY_BRIDGE = '2 x E5-2690 Sandy Bridge';

const ivyBridgeEp = intel({
  id: 'ivybridge-ep-20c',
  title: '2-socket IvyBridge-EP, 40 logical CPUs',
  sockets: 2,
  coresPerSocket: 10,
  gigabytes: 64,
  ghz: 2.8,
  line: intelLine(2.8, SANDY_BRIDGE, [9, 32, 114]),
  idle: idleStates('ivt_cstates', [
    ['C1', 1, 1],
    ['C1E', 10, 80],
    ['C3', 59, 156],
    ['C6', 82, 300],
  ]),
  haswell: false,
  whole: derived(1_700, TWO_SOCKETS),
  source:
    'IvyBridge EP 2x10x2 (facts faults 2e); no source names the model: 2.8 GHz, as of an E5-2680 v2, and 64 GB are assumed',
});

const ivyBridgeEx = intel({
  id: 'ivybridge-ex-60c',
  title: '4-socket IvyBridge-EX, 120 logical CPUs',
  sockets: 4,
  coresPerSocket: 15,
  gigabytes: 256,
  ghz: 2.8,
  // Any two of four sockets are taken to be linked: the 150-350 ns of facts locks 11.1 are for boxes of eight, two hops apart.
  line: intelLine(2.8, SANDY_BRIDGE, [9, 32, 114]),
  idle: idleStates('ivt_cstates_4s', [
    ['C1', 1, 1],
    ['C1E', 10, 250],
    ['C3', 59, 300],
    ['C6', 84, 400],
  ]),
  haswell: false,
  whole: assumed(
    1_700,
    '1,700 ns of a whole fault, as on 2-socket Intel servers; "up to ~2,000 elsewhere" (facts faults 12.1)',
  ),
  source:
    'IvyBridge EX 4x15x2 (facts faults 2e); no source names the model: 2.8 GHz, as of an E7-4890 v2, and 256 GB are assumed',
});

function rome(): Machine {
  const ghz = 2.25;
  const row = `2 x EPYC 7742 Rome, ${CORE_TO_CORE}`;
  const line: Machine['line'] = {
    local: assumed(2.5, 'lock xadd in the own cache, measured on a guest on Zen 3 (facts locks 11.2)'),
    sibling: sourced(8, row),
    socket: sourced(25, `${row}: within a CCX`),
    cross: sourced(267, row),
    memory: MEMORY,
    ccx: {
      cores: 4,
      coresSource: 'a CCX of Zen 2 has four cores, recalled: the facts say what it costs to leave one',
      home: sourced(132, `${row}: another CCX, the line homed on that socket`),
      away: sourced(267, `${row}: another CCX, the line homed on the other socket`),
    },
  };
  const memory: Machine['memory'] = {
    clearPage: assumed(100, 'lower end of 100-250 ns on bare metal, recalled (facts faults 12.1)'),
    pageTransfer: assumed(
      20,
      '4096 B at 205 GB/s: eight channels of DDR4-3200 a socket, recalled and not in the facts',
    ),
  };
  const entry = {
    ...commonEntry,
    fault: assumed(
      300,
      'entry and exit of a fault without page-table isolation, recalled (facts faults 12.2)',
    ),
  };
  const costs = {
    ...commonCosts,
    fault_checks: assumed(4, 'no figure: what the whole that is known leaves room for'),
    charge_page: assumed(150, 'memcg, rmap and LRU: lower end of 150-300 ns, recalled (facts faults 12.2)'),
  };
  const whole = derived(750, '750 ns of a whole fault: 700-800 on EPYC Rome (facts faults 12.1)');
  return {
    id: 'rome-128c',
    title: '2 x EPYC 7742 (Rome), 256 logical CPUs',
    sockets: 2,
    coresPerSocket: 64,
    threadsPerCore: 2,
    memoryBytes: 512 * 2 ** 30,
    topologySource:
      '2 x EPYC 7742 (facts locks 11.1); 64 cores a socket with two threads and 2.25 GHz are recalled, 512 GB are assumed',
    line,
    sched: {
      ...commonSched,
      // The firmware tells the idle states of AMD's processors; the facts have figures of Intel's alone.
      idle: commonSched.idle.map(({ name, exit, residency }) => ({
        name,
        exit: assumed(exit.value, `as on Sandy Bridge (${exit.source}): no source for EPYC`),
        residency: assumed(residency.value, `as on Sandy Bridge (${residency.source}): no source for EPYC`),
      })),
    },
    smtFactor: commonSmt,
    memory,
    tlb: commonTlb,
    entry,
    disk: commonDisk,
    zone: zoneWork(ghz),
    costs: { ...costs, fault_path: faultPath(line, costs, entry, memory, whole), ...pageBack() },
  };
}

/** The machines of the studies of faults. */
export const faultStudies: readonly Machine[] = [haswell, ivyBridgeEp, ivyBridgeEx, rome()];
