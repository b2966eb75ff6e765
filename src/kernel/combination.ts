import { type CatalogueRecord, defaults } from './catalogue.ts';

/**
 * The generation of mmap_lock that the kernels of two strategies had: of the fault scheme, where that is not the usual one.
 */
export function usualLock(munmap: CatalogueRecord | undefined, fault: CatalogueRecord | undefined): string {
  return (fault === undefined || fault.id === defaults.fault ? munmap : fault)?.mmapLock ?? 'rwsem-3.16';
}

/**
 * Why the chosen records do not fit together, one sentence each; empty when they do.
 */
export function misfits(chosen: readonly CatalogueRecord[]): string[] {
  const provided = new Set(chosen.flatMap((r) => r.provides));
  const problems: string[] = [];
  for (const r of chosen) {
    for (const need of r.requires) {
      if (!provided.has(need))
        problems.push(`${r.kind} ${r.id} needs ${need}, which nothing chosen provides`);
    }
    for (const bad of r.conflicts) {
      if (provided.has(bad)) problems.push(`${r.kind} ${r.id} does not go with ${bad}`);
    }
  }
  return problems;
}
