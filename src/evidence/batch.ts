import { US } from '../event/index.ts';
import { type BatchRow, skylakeEx } from './batch-table.ts';
import type { PageFaultPoint } from './page-fault1.ts';
import { meanWriteHold, scaled } from './read.ts';
import type { Citation, EvidenceRecord, Settings } from './record.ts';

/** Figures about zone lock and LRU lock over the batch of the per-CPU lists. */

const FOUR_SOCKETS = 'skylake-ex-4s';
const TWO_SOCKETS = 'skylake-ep-2s';
/** The batch of 4.18, with which the others are compared. */
const BASE = 31;
/** Batches of the table to whose scores two prices of the machines are fitted (kernel/machines/zone.ts). */
const FITTED: readonly number[] = [31, 63];

const changelog: Citation = {
  text: 'commit d8a759b57035, "mm, page_alloc: double zone\'s batchsize" (4.19), Aaron Lu',
  sheet: 'zone',
  section: '1.1',
  mark: 'V',
};
const lwn: Citation = {
  text: 'LWN 753269, "Zone-lock and mmap_sem scalability", 3 May 2018',
  sheet: 'zone',
  section: '5',
  mark: 'V',
};

const LEAVES_OUT = 'memcg, huge pages (off in the source too), reclaim, NUMA balancing';
const TABLE = {
  source: changelog,
  measuredOn: 'Skylake-EX, 4 sockets, 96 cores, 192 threads, 768 GB',
  machine: FOUR_SOCKETS,
  workload: 'page-fault1',
  leavesOut: LEAVES_OUT,
  calibrated: false,
} as const;

function settings(batch: number, machine: string = FOUR_SOCKETS): Settings {
  return { machine, batch: String(batch) };
}

const score = (point: PageFaultPoint): number => point.score;

/** The five figures of a row; the unit of the shares is that of the table. */
function recordsOf(row: BatchRow): EvidenceRecord[] {
  const [batch, faults, change, zone, lru, total] = row;
  const id = `batch.${FOUR_SOCKETS}.${batch}`;
  const set = settings(batch);
  const calibrated = FITTED.includes(batch);
  const share = (
    name: string,
    lock: string,
    value: number,
    read: (point: PageFaultPoint) => number,
  ): EvidenceRecord => ({
    ...TABLE,
    id: `${id}.${name}`,
    title: `spinning ${lock} at batch ${batch}`,
    metric: { name: `CPU cycles spent spinning ${lock}`, unit: 'per cent' },
    published: { kind: 'about', value },
    experiment: { kind: 'page-fault1', set, read, how: `${name}SharePct` },
    note: 'Fractions were dropped in the source: small values can be off by up to 3 points.',
  });
  return [
    {
      ...TABLE,
      calibrated,
      id: `${id}.score`,
      title: `page faults at batch ${batch}`,
      metric: { name: 'page faults of all tasks', unit: 'faults per second' },
      published: { kind: 'exact', value: faults },
      experiment: { kind: 'page-fault1', set, read: score, how: 'score' },
      note: 'No deviation is given; the rows from batch 188 on scatter by 0.2 %.',
      ...(batch === 63 ? { commentary: ['63 is what 4.19 chose.'] } : {}),
    },
    {
      ...TABLE,
      calibrated,
      id: `${id}.change`,
      title: `gain of batch ${batch}`,
      metric: { name: `change of the score against batch ${BASE}`, unit: 'per cent' },
      published: { kind: 'exact', value: change },
      experiment: {
        kind: 'page-fault1',
        set,
        read: score,
        how: `score, the change from batch ${BASE}`,
        against: { set: settings(BASE), as: 'change' },
      },
      note: 'Recomputed from the scores of the source to 0.005 points.',
    },
    share('zone', 'for the zone lock', zone, (point) => point.zoneSharePct),
    share('lru', 'for the LRU lock', lru, (point) => point.lruSharePct),
    {
      ...share('total', 'for both', total, (point) => point.totalSharePct),
      ...(batch === 63
        ? {
            commentary: [
              'Contention on the LRU lock rises as that on the zone lock falls, and caps the gain.',
            ],
          }
        : {}),
    },
  ];
}

/** The sentences of LWN, and what else the changelog says about the curve. */
const sentences: readonly EvidenceRecord[] = [
  {
    ...TABLE,
    id: 'batch.lwn.four-sockets',
    title: 'gain of batch 53 on four sockets, as LWN has it',
    source: lwn,
    metric: { name: `change of the score from batch ${BASE} to 53`, unit: 'per cent' },
    published: { kind: 'about', value: 18 },
    experiment: {
      kind: 'page-fault1',
      set: settings(53),
      read: score,
      how: `score, the change from batch ${BASE}`,
      against: { set: settings(BASE), as: 'change' },
    },
    note: "Coarser than the changelog's table, which has 16.67 % here and 18.4 % on the plateau.",
    commentary: ['A batch of 53 made a microbenchmark on a four-socket system 18 % faster.'],
  },
  {
    ...TABLE,
    id: 'batch.lwn.two-sockets',
    title: 'gain of batch 53 on two sockets, as LWN has it',
    source: lwn,
    measuredOn: 'a two-socket system, not described',
    machine: TWO_SOCKETS,
    metric: { name: `change of the score from batch ${BASE} to 53`, unit: 'per cent' },
    published: { kind: 'about', value: 9 },
    experiment: {
      kind: 'page-fault1',
      set: settings(53, TWO_SOCKETS),
      read: score,
      how: `score, the change from batch ${BASE}`,
      against: { set: settings(BASE, TWO_SOCKETS), as: 'change' },
    },
    note: 'Published is "about half" of the 18 % of four sockets.',
    commentary: ['On a two-socket system the gain was about half as large.'],
  },
  {
    ...TABLE,
    id: 'batch.lwn.beyond-300',
    title: 'nothing more beyond a batch of about 300',
    source: lwn,
    metric: { name: 'score at batch 511 over that at batch 299', unit: 'ratio' },
    published: { kind: 'about', value: 1 },
    experiment: {
      kind: 'page-fault1',
      set: settings(511),
      read: score,
      how: 'score at batch 511 over that at batch 299',
      against: { set: settings(299), as: 'ratio' },
    },
    note: 'A ratio, because of a change of nothing no error can be told.',
    commentary: ['Batches beyond about 300 brought no further improvement.'],
  },
  {
    ...TABLE,
    id: 'batch.changelog.worst-latency',
    title: 'the price of a large batch',
    metric: { name: 'longest allocation of a page at batch 511 over that at batch 31', unit: 'ratio' },
    published: { kind: 'above', value: 1 },
    experiment: {
      kind: 'page-fault1',
      set: settings(511),
      read: (point) => point.allocLatency.maxNs,
      how: 'allocLatency.maxNs at batch 511 over that at batch 31',
      against: { set: settings(BASE), as: 'ratio' },
    },
    note: 'The source says that it can be larger, without a figure.',
    commentary: ['With a larger batch the "worst latency can be larger".'],
  },
];

/** Longest lists: no task ever gives a page back to the zone (facts zone, 5, target 4). */
const longLists: EvidenceRecord = {
  ...TABLE,
  id: 'batch.high-32768.zone',
  title: 'spinning for the zone lock when the per-CPU lists hold a whole loop',
  source: {
    text: 'lore.kernel.org/r/20180202052120.GA16272@intel.com: no zone contention once pcp->high is 32,768',
    sheet: 'zone',
    section: '5',
    mark: 'V',
  },
  measuredOn: 'any: it follows from the loop, which maps 32,768 pages',
  metric: { name: 'CPU cycles spent spinning for the zone lock', unit: 'per cent' },
  published: { kind: 'below', value: 1 },
  experiment: {
    kind: 'page-fault1',
    set: { ...settings(BASE), high: '32768' },
    read: (point) => point.zoneSharePct,
    how: 'zoneSharePct',
  },
  note: 'Published is none at all, taken as less than 1 %. With huge pages there is next to none either; the model has none.',
};

/** Batch, and time in microseconds under the zone lock, mean of freeing and of allocating (facts zone, 3.1). */
const cascadeLake: readonly (readonly [batch: number, freeUs: number, allocUs: number])[] = [
  [63, 3.29, 3.53],
  [127, 6.12, 6.36],
  [255, 11.68, 10.9],
  [511, 22.54, 19.86],
  [1023, 43.39, 40.0],
  [2047, 86.64, 71.14],
];

/** The zone lock without contention (facts zone, 5, target 2). */
const holdRecords: readonly EvidenceRecord[] = cascadeLake.map(([batch, free, alloc]) => ({
  ...TABLE,
  id: `batch.cascade-lake.${batch}.hold`,
  title: `one hold of the zone lock at batch ${batch}, a single process`,
  source: {
    text: 'commit 52166607ecc9, CONFIG_PCP_BATCH_SCALE_MAX (6.7), changelog',
    sheet: 'zone',
    section: '3.1',
    mark: 'V',
  },
  measuredOn: 'Cascade Lake, whose core is about that of Skylake',
  workload: 'page-fault1, one process; high is twice the batch',
  metric: { name: 'mean hold of the zone lock', unit: 'microseconds' },
  published: { kind: 'about', value: (free + alloc) / 2 },
  experiment: {
    kind: 'run',
    scenario: 'page-fault1',
    set: { ...settings(batch), high: String(2 * batch), tasks: '1' },
    read: scaled(1 / US, meanWriteHold('zone_lock')),
    how: 'locks[zone_lock…].write.hold: totalNs / count / 1e3',
  },
  leavesOut: `${LEAVES_OUT}; function_graph, whose cost the figure has in it`,
  note: `Mean of freeing (${free} us) and allocating (${alloc} us), which the source has apart. That it was one process follows from its throughput.`,
}));

/** Everything about the batch. */
export const batchRecords: readonly EvidenceRecord[] = [
  ...skylakeEx.flatMap(recordsOf),
  ...sentences,
  longLists,
  ...holdRecords,
];
