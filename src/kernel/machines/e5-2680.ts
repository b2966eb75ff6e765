import { assumed, calibrated, type Machine, sourced } from '../machine.ts';
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
import { zoneWork } from './zone.ts';

/** ns per page that the 18 s for 320 GiB leave: 18 s / 83,886,080 pages. */
const PAGE_NS = 18e9 / 83_886_080;
/** How much of it is clearing the entry, unless told otherwise; the rest is freeing the page. */
const ZAP_SHARE = 0.5;

const FIT = '18 s / 83,886,080 pages (LWN 753269; facts munmap 10.1), split in halves: nobody published it';

const line: Machine['line'] = {
  local: assumed(7, '18-20 cycles of a locked instruction at 2.7 GHz (facts locks 11.2)'),
  sibling: sourced(9, '2 x E5-2690 Sandy Bridge, core-to-core-latency @96a943ac (facts locks 11.1)'),
  socket: sourced(32, '2 x E5-2690 Sandy Bridge, core-to-core-latency @96a943ac (facts locks 11.1)'),
  cross: sourced(114, '2 x E5-2690 Sandy Bridge, core-to-core-latency @96a943ac (facts locks 11.1)'),
  memory: assumed(90, 'local DRAM on a server of that time'),
};

/**
 * The machine of Yang Shi's measurements. `zapShare` parts the calibrated time of a page between zap_page and
 * free_page: an allocator that models freeing replaces the second and leaves the first.
 */
export function e5x2680With(zapShare: number): Machine {
  return {
    id: 'e5-2680-2s',
    title: '2 x Xeon E5-2680 (Sandy Bridge-EP), 32 logical CPUs, 384 GB',
    sockets: 2,
    coresPerSocket: 8,
    threadsPerCore: 2,
    memoryBytes: 384 * 2 ** 30,
    topologySource:
      '"32 cores of E5-2680 @ 2.70GHz and 384GB" (RFC v3 cover); 8 cores a socket, recalled (facts munmap 10.1)',
    line,
    sched: commonSched,
    smtFactor: commonSmt,
    memory: commonMemory,
    tlb: commonTlb,
    entry: commonEntry,
    disk: commonDisk,
    zone: zoneWork(2.7),
    costs: {
      ...commonCosts,
      fault_path: faultPath(line, commonCosts, commonEntry),
      zap_page: calibrated(PAGE_NS * zapShare, FIT),
      free_page: calibrated(PAGE_NS * (1 - zapShare), FIT),
    },
  };
}

/** With the time of a page in halves. */
export const e5x2680: Machine = e5x2680With(ZAP_SHARE);
