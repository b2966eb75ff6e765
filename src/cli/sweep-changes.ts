import { isBatchResult, type SweepResult } from './sweep-worker.ts';

/** Batch up to 4.18, with which the published table compares. */
const BASE_BATCH = 31;

/**
 * Of each point of page_fault1, in order, the change of its score in per cent: against batch 31 with otherwise the same
 * swept values, or else the first batch of those. null for other results.
 */
export function scoreChanges(results: readonly SweepResult[]): (number | null)[] {
  const bases = new Map<string, { batch: number; score: number }>();
  for (const { swept, run } of results) {
    if (!isBatchResult(run)) continue;
    const key = othersOf(swept);
    const base = bases.get(key);
    if (base === undefined || (run.batch === BASE_BATCH && base.batch !== BASE_BATCH)) bases.set(key, run);
  }
  return results.map(({ swept, run }) => {
    const base = bases.get(othersOf(swept));
    return isBatchResult(run) && base !== undefined ? 100 * (run.score / base.score - 1) : null;
  });
}

function othersOf({ batch: _, ...others }: SweepResult['swept']): string {
  return JSON.stringify(others);
}
