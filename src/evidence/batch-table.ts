/**
 * will-it-scale page_fault1 over the batch of the per-CPU lists, on a Skylake-EX with 4 sockets, 96 cores and 192
 * threads: commit d8a759b57035, "mm, page_alloc: double zone's batchsize" (4.19); facts zone, 1.1. A row is the batch in
 * pages, the score in faults per second, its change against batch 31 in per cent, and the shares of the CPU cycles spent
 * spinning for the zone lock, for the LRU lock and in all, in whole per cent.
 */
export type BatchRow = readonly [
  batch: number,
  score: number,
  changePct: number,
  zonePct: number,
  lruPct: number,
  totalPct: number,
];

export const skylakeEx: readonly BatchRow[] = [
  [31, 15_345_900, 0, 64, 8, 72],
  [53, 17_903_847, 16.67, 32, 38, 70],
  [63, 17_992_886, 17.25, 24, 45, 69],
  [73, 18_022_825, 17.44, 10, 61, 71],
  [119, 18_023_401, 17.45, 4, 66, 70],
  [127, 18_029_012, 17.48, 3, 66, 69],
  [137, 18_036_075, 17.53, 4, 66, 70],
  [165, 18_035_964, 17.53, 2, 67, 69],
  [188, 18_101_105, 17.95, 2, 67, 69],
  [223, 18_130_951, 18.15, 2, 67, 69],
  [255, 18_118_898, 18.07, 2, 67, 69],
  [267, 18_101_559, 17.96, 2, 67, 69],
  [299, 18_160_468, 18.34, 2, 68, 70],
  [320, 18_139_845, 18.21, 2, 67, 69],
  [393, 18_160_869, 18.34, 2, 68, 70],
  [424, 18_170_999, 18.41, 2, 68, 70],
  [458, 18_144_868, 18.24, 2, 68, 70],
  [467, 18_142_366, 18.22, 2, 68, 70],
  [498, 18_154_549, 18.3, 1, 68, 69],
  [511, 18_134_525, 18.17, 1, 69, 70],
];
