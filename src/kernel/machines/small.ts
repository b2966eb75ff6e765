import { assumed, derived, type Machine, sourced } from '../machine.ts';
import {
  commonCosts,
  commonDisk,
  commonEntry,
  commonMemory,
  commonSched,
  commonSmt,
  commonTlb,
  faultPath,
} from './common.ts';
import { e5x2680 } from './e5-2680.ts';

const AS_SERVER = 'taken over from e5-2680-2s';

const line: Machine['line'] = {
  local: assumed(7, 'as on e5-2680-2s'),
  sibling: sourced(9, 'as on e5-2680-2s (there are no siblings here)'),
  socket: sourced(32, 'as on e5-2680-2s'),
  cross: sourced(114, 'as on e5-2680-2s (there is one socket here)'),
  memory: assumed(90, 'as on e5-2680-2s'),
};

/** A small machine for stepping by hand: one socket, four CPUs, no SMT. */
export const small: Machine = {
  id: 'small',
  title: '1 socket, 4 CPUs, 16 GB',
  sockets: 1,
  coresPerSocket: 4,
  threadsPerCore: 1,
  memoryBytes: 16 * 2 ** 30,
  topologySource: 'made up: the smallest machine on which three threads run and one CPU is left',
  line,
  sched: commonSched,
  smtFactor: commonSmt,
  memory: commonMemory,
  tlb: commonTlb,
  entry: commonEntry,
  disk: commonDisk,
  zone: e5x2680.zone,
  costs: {
    ...commonCosts,
    fault_path: faultPath(line, commonCosts, commonEntry),
    zap_page: derived(e5x2680.costs['zap_page']?.value ?? 0, AS_SERVER),
    free_page: derived(e5x2680.costs['free_page']?.value ?? 0, AS_SERVER),
  },
};
