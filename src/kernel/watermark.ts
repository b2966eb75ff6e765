/**
 * Pages of a zone's low watermark (mm/page_alloc.c, recalled: the fact sheets do not have it). min_free_kbytes is the root
 * of 16 times the memory in KiB, 64 MB at most, shared out by size; low is a quarter of it or 0.1 % of the zone above.
 */
function lowWatermark(zonePages: number, machinePages: number): number {
  const kb = Math.min(65_536, Math.sqrt(machinePages * 4 * 16));
  const min = ((kb / 4) * zonePages) / machinePages;
  return Math.floor(min + Math.max(min / 4, zonePages / 1_000));
}

/** `high` of 5.14 on: what each CPU of the zone gets of the low watermark, at least four batches (b92ca18e8ca5). */
export function watermarkHigh(zonePages: number, machinePages: number, cpus: number, batch: number): number {
  return Math.max(4 * batch, Math.floor(lowWatermark(zonePages, machinePages) / cpus));
}
