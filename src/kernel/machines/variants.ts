import { assumed, type Machine } from '../machine.ts';
import { e5x2680 } from './e5-2680.ts';

/** e5-2680-2s with far more memory, so that one munmap can outlast the hung-task detector's 120 s. */
export const large: Machine = {
  ...e5x2680,
  id: 'e5-2680-4tb',
  title: 'As e5-2680-2s, with 4 TB of memory',
  memoryBytes: 4 * 2 ** 40,
  topologySource: 'made up: the reports of waits over 120 s do not name their machine (facts munmap 0.1)',
};

/** Eight virtual CPUs on a host that has as much other work: each has the processor half the time. */
export const guest: Machine = {
  ...e5x2680,
  id: 'guest-8v',
  title: '8 virtual CPUs on an overcommitted host, 16 GB',
  sockets: 1,
  coresPerSocket: 8,
  threadsPerCore: 1,
  memoryBytes: 16 * 2 ** 30,
  topologySource: 'made up: two virtual CPUs for every processor of the host',
  sched: {
    ...e5x2680.sched,
    // A guest halts; what waking it takes is the host's matter, not a C-state's.
    idle: [],
    wakeLatency: {
      value: 25_000,
      mark: 'sourced',
      source: 'futex wake to running on an idle remote vCPU, measured on a VM (facts locks 11.2)',
    },
  },
  host: {
    turn: assumed(3_000_000, 'a slice of the host, as sched.slice'),
    away: assumed(3_000_000, 'as long as its turn: twice as many virtual CPUs as processors'),
  },
};

/** The same eight processors without a host in between. */
export const eight: Machine = {
  ...e5x2680,
  id: 'e5-2680-1s',
  title: '1 x Xeon E5-2680 without SMT, 8 CPUs, 16 GB',
  sockets: 1,
  threadsPerCore: 1,
  memoryBytes: 16 * 2 ** 30,
  topologySource: 'one socket of e5-2680-2s with its second threads off',
};
