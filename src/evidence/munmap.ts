import { MS, SEC, US } from '../event/index.ts';
import { longestReadWait, longestWriteHold, scaled } from './read.ts';
import type { Citation, EvidenceRecord } from './record.ts';

/** Figures about munmap of large mappings and its redesigns of 2018. */

const SHI_MACHINE = '32 "cores" E5-2680 @ 2.70 GHz, 384 GB; kernel of the timing run not stated';
const PAGES = 83_886_080;

const lwn: Citation = {
  text: 'LWN 753269, "Zone-lock and mmap_sem scalability", 3 May 2018',
  sheet: 'munmap',
  section: '2',
  mark: 'V',
};
const rfc3: Citation = {
  text: 'Yang Shi, munmap RFC v3, 29 Jun 2018, cover letter',
  sheet: 'munmap',
  section: '6.3',
  mark: 'V',
};

const BIG = {
  measuredOn: SHI_MACHINE,
  machine: 'e5-2680-2s',
  workload: 'munmap of 320 GB; what was mapped and what else ran is not stated',
  leavesOut: 'files, huge pages, reclaim; pages are freed at a price, without zone lock and LRU lock',
} as const;

const HOLD = 'longest exclusive hold of mmap_sem';
/** The sources say no more than that the time is of the order of microseconds. */
const MICROSECONDS = { kind: 'below', value: 1_000 } as const;

const STRESS = {
  source: rfc3,
  measuredOn: SHI_MACHINE,
  machine: 'e5-2680-2s',
  workload: 'stress-ng --mmap 0 --mmap-bytes 80G --mmap-file, 600 s',
  leavesOut: 'the file and its I/O, the checks of stress-ng itself; 2 s are simulated',
} as const;
const STRESS_NOTE = 'The author: "not very stable, and depends on timing … just for reference".';

const HUNG = {
  measuredOn: 'a production machine, not described',
  machine: 'e5-2680-4tb',
  workload: 'a process unmaps a large mapping; its size is not stated',
  metric: { name: 'longest wait for mmap_sem', unit: 'seconds' },
  published: { kind: 'above', value: 120 },
  leavesOut: 'what else the machine did',
  note: 'The figure is the limit of the hung-task detector, not the wait. Size and neighbour were chosen to reach it.',
  calibrated: true,
} as const;

export const munmapRecords: readonly EvidenceRecord[] = [
  {
    ...BIG,
    id: 'munmap.baseline.hold',
    title: 'munmap of 320 GB up to 4.19',
    source: lwn,
    metric: { name: HOLD, unit: 'seconds' },
    published: { kind: 'exact', value: 18 },
    experiment: {
      kind: 'run',
      scenario: 'munmap-320g',
      set: { munmap: 'baseline' },
      read: scaled(1 / SEC, longestWriteHold('mmap_lock')),
      how: 'locks[mmap_lock].write.hold.maxNs / 1e9',
    },
    note: 'zap_page and free_page of the machine were fitted to this figure. It is given in whole seconds.',
    calibrated: true,
    commentary: [
      'Unmapping 320 GB takes 18 seconds, with mmap_sem held for writing all the time.',
      'The patches that drop it on the way do not help every workload, but none appeared to get slower.',
    ],
  },
  {
    ...BIG,
    id: 'munmap.baseline.page',
    title: 'time per page of 4 KiB in that munmap',
    source: { ...lwn, section: '10.1', mark: 'D' },
    metric: { name: `${HOLD}, per page`, unit: 'nanoseconds per page' },
    published: { kind: 'range', low: 214, high: 215 },
    experiment: {
      kind: 'run',
      scenario: 'munmap-320g',
      set: { munmap: 'baseline' },
      read: scaled(1 / PAGES, longestWriteHold('mmap_lock')),
      how: 'locks[mmap_lock].write.hold.maxNs / 83,886,080 pages',
    },
    note: 'The same 18 s, over the pages of 320 GiB: takes all of it to be mapped with pages of 4 KiB.',
    calibrated: true,
  },
  {
    ...BIG,
    id: 'munmap.chunked.section',
    title: 'one section of 1 GiB of the chunked munmap (RFC v1)',
    source: { ...lwn, section: '10.1', mark: 'D' },
    metric: { name: HOLD, unit: 'milliseconds' },
    published: { kind: 'about', value: 56 },
    experiment: {
      kind: 'run',
      scenario: 'munmap-320g',
      set: { munmap: 'chunked', ALWAYS_DROP: 'true' },
      read: scaled(1 / MS, longestWriteHold('mmap_lock')),
      how: 'locks[mmap_lock].write.hold.maxNs / 1e6',
    },
    note: 'A 320th of the 18 s; nobody measured a section. As posted, the lock is not dropped after every one.',
    calibrated: true,
  },
  {
    ...BIG,
    id: 'munmap.chunked.fault-rate',
    title: 'rate of page faults with the chunked munmap (RFC v1)',
    source: lwn,
    workload: 'not stated',
    metric: { name: 'change of the rate of page faults against the unpatched kernel', unit: 'per cent' },
    published: { kind: 'range', low: 6, high: 8 },
    experiment: {
      kind: 'run',
      scenario: 'munmap-320g',
      set: { munmap: 'chunked' },
      read: ({ faults }) => faults.perSec,
      how: 'faults.perSec, the change from munmap=baseline to munmap=chunked',
      against: { set: { munmap: 'baseline' }, as: 'change' },
    },
    note: 'Which workload it was is not stated, so that only the sign can be compared. How often the lock is dropped depends on what else wants the CPU of the unmapper: here nothing does.',
    calibrated: false,
    commentary: ['Page faults come 6 to 8 % faster with the patches, though not under all workloads.'],
  },
  {
    ...BIG,
    id: 'munmap.vm-dead.hold',
    title: 'exclusive hold with VM_DEAD (RFC v3)',
    source: rfc3,
    metric: { name: HOLD, unit: 'microseconds' },
    published: MICROSECONDS,
    experiment: {
      kind: 'run',
      scenario: 'munmap-320g',
      set: { munmap: 'vm-dead' },
      read: scaled(1 / US, longestWriteHold('mmap_lock')),
      how: 'locks[mmap_lock].write.hold.maxNs / 1e3',
    },
    note: '"Dropped to µs level from second" is taken as below a millisecond. Page tables are freed in the second exclusive section, and 320 GB have 163,840 of them; as posted, the early path could not run at all.',
    calibrated: false,
    commentary: ['The time for which mmap_sem is held for writing drops from seconds to microseconds.'],
  },
  {
    ...BIG,
    id: 'munmap.downgrade.hold',
    title: 'exclusive hold of the munmap of 4.20',
    source: {
      text: 'Yang Shi, munmap v11, 19 Sep 2018, and the covers since v6; merged for 4.20 as dd2283f2605e',
      sheet: 'munmap',
      section: '7',
      mark: 'V',
    },
    metric: { name: HOLD, unit: 'microseconds' },
    published: MICROSECONDS,
    experiment: {
      kind: 'run',
      scenario: 'munmap-320g',
      set: { munmap: 'downgrade' },
      read: scaled(1 / US, longestWriteHold('mmap_lock')),
      how: 'locks[mmap_lock].write.hold.maxNs / 1e3',
    },
    note: '"Dropped to µs level from second" is taken as below a millisecond.',
    calibrated: false,
    commentary: ['The zap moves into the section that holds mmap_sem for reading.'],
  },
  {
    ...BIG,
    id: 'fault.anonymous',
    title: 'one anonymous page fault, nobody in its way',
    source: {
      text: 'single-thread pft on servers from IvyBridge-EP to Skylake-SP, 1 / (faults/s)',
      sheet: 'faults',
      section: '12.1',
      mark: 'D',
    },
    measuredOn: 'two-socket Intel servers',
    workload: 'pft, one thread, pages of 4 KiB',
    metric: { name: 'median length of a fault', unit: 'nanoseconds' },
    published: { kind: 'range', low: 1_600, high: 1_800 },
    experiment: {
      kind: 'run',
      scenario: 'munmap-320g',
      set: { munmap: 'downgrade' },
      read: ({ faults }) => faults.latency.p50Ns,
      how: 'faults.latency.p50Ns',
    },
    leavesOut: 'zone lock and LRU lock, which the figure has in it',
    note: "The machine's fault_path is what its named parts leave of 1,700 ns.",
    calibrated: true,
  },
  {
    ...STRESS,
    id: 'stress-mmap.before',
    title: 'stress-ng --mmap before RFC v3',
    metric: { name: 'page faults', unit: 'faults per second' },
    published: { kind: 'exact', value: 89_410 },
    experiment: {
      kind: 'run',
      scenario: 'stress-mmap',
      set: { munmap: 'baseline' },
      read: ({ faults }) => faults.perSec,
      how: 'faults.perSec',
    },
    note: `The scenario's number 'work' was fitted to this figure. ${STRESS_NOTE}`,
    calibrated: true,
  },
  {
    ...STRESS,
    id: 'stress-mmap.after',
    title: 'stress-ng --mmap after RFC v3',
    metric: { name: 'page faults', unit: 'faults per second' },
    published: { kind: 'exact', value: 97_290 },
    experiment: {
      kind: 'run',
      scenario: 'stress-mmap',
      set: { munmap: 'vm-dead' },
      read: ({ faults }) => faults.perSec,
      how: 'faults.perSec',
    },
    note: `Fitted through the figure before: only the change says something. ${STRESS_NOTE}`,
    calibrated: true,
  },
  {
    ...STRESS,
    id: 'stress-mmap.change',
    title: 'what RFC v3 gains in stress-ng --mmap',
    metric: { name: 'change of the rate of page faults', unit: 'per cent' },
    published: { kind: 'exact', value: 8.8 },
    experiment: {
      kind: 'run',
      scenario: 'stress-mmap',
      set: { munmap: 'vm-dead' },
      read: ({ faults }) => faults.perSec,
      how: 'faults.perSec, the change from munmap=baseline to munmap=vm-dead',
      against: { set: { munmap: 'baseline' }, as: 'change' },
    },
    note: `Every process has an address space of its own, so nobody waits for another's mmap_sem; and as posted the early path could not run. ${STRESS_NOTE}`,
    calibrated: false,
  },
  {
    ...HUNG,
    id: 'hung-task.ps',
    title: 'ps behind a munmap, kernel 4.9.79-ali',
    source: {
      text: 'Yang Shi, killable access_remote_vm() for /proc, v2, 27 Feb 2018',
      sheet: 'munmap',
      section: '0.1',
      mark: 'V',
    },
    experiment: {
      kind: 'run',
      scenario: 'ps-hangs',
      set: {},
      read: scaled(1 / SEC, longestReadWait('mmap_lock')),
      how: 'locks[mmap_lock].read.wait.maxNs / 1e9',
    },
  },
  {
    ...HUNG,
    id: 'hung-task.khugepaged',
    title: 'khugepaged behind a munmap, kernel 4.9.65-ali',
    source: {
      text: 'Yang Shi, khugepaged and down_read_trylock, 14 Dec 2017',
      sheet: 'munmap',
      section: '0.1',
      mark: 'V',
    },
    experiment: {
      kind: 'run',
      scenario: 'khugepaged-hangs',
      set: {},
      read: scaled(1 / SEC, longestReadWait('mmap_lock/database')),
      how: 'locks[mmap_lock/database].read.wait.maxNs / 1e9',
    },
  },
];
