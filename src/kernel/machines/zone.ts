import { assumed, calibrated, derived, type Machine, type Sourced } from '../machine.ts';

/**
 * What work on zones and LRU takes (facts zone, section 3). The two calibrated numbers are the same on every machine,
 * but for the clock.
 */

/** Clock of the machine on whose table they are calibrated. */
const FITTED_GHZ = 2.5;

const FIT = 'calibrated on the scores of Skylake-EX at batches 31 and 63 alone (facts zone 1.1)';

/** Lines that move with a lock. */
const HOLD_LINES = 24;
/** ns of work on a page under either lock, at FITTED_GHZ. Measured warm on Cascade Lake: 36.0 taken, 42.9 given back (facts zone 3.1). */
const PAGE_WORK = 33;

function atClock(ns: number, ghz: number): number {
  return (ns * FITTED_GHZ) / ghz;
}

/** The numbers for a clock of so many GHz. */
export function zoneWork(ghz: number, spinnersSlow = false): Machine['zone'] {
  return {
    allocWork: calibrated(atClock(PAGE_WORK, ghz), FIT),
    freeWork: calibrated(atClock(PAGE_WORK, ghz), FIT),
    pickWork: assumed(
      atClock(10, ghz),
      'part of freeWork: a page unlinked from its list; no source parts it',
    ),
    lruWork: calibrated(atClock(PAGE_WORK, ghz), FIT),
    holdLines: calibrated(HOLD_LINES, FIT),
    spinnersSlow,
  };
}

/** Pages of a pagevec, and of a hold of the LRU lock by release_pages (facts zone 2.3). */
const PAGEVEC = 15;
const LRU_BATCH = 32;
/** Pages of a batch up to 4.18; prices are split at it. */
const BATCH = 31;

/** ns a page of the shared steps of freeing, and of allocating, for one CPU alone. */
export function zoneShares({ zone, line }: Pick<Machine, 'zone' | 'line'>): { free: number; alloc: number } {
  const { allocWork, freeWork, lruWork } = zone;
  const lock = line.local.value;
  return {
    free: freeWork.value + lruWork.value + lock / BATCH + lock / LRU_BATCH,
    alloc: allocWork.value + lruWork.value + lock / BATCH + lock / PAGEVEC,
  };
}

function less(cost: Sourced | undefined, ns: number): Sourced {
  const rest = (cost?.value ?? 0) - ns;
  return derived(rest > 0 ? rest : 0, `${cost?.source ?? ''}; less what the allocator takes by itself`);
}

/** The same machine for the allocator `zone`: what its mechanism takes is no longer in the prices of paths. */
export function withZones(machine: Machine): Machine {
  const { free, alloc } = zoneShares(machine);
  const { costs } = machine;
  return {
    ...machine,
    costs: {
      ...costs,
      free_page: less(costs['free_page'], free),
      // Buddy and LRU were in what a fault takes beside its named parts, and in "rmap and LRU batched".
      fault_path: less(costs['fault_path'], alloc),
    },
  };
}
