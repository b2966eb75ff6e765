/** Published measurements, each beside the experiment that measures the same. */
import { batchRecords } from './batch.ts';
import { lockRecords } from './locks.ts';
import { munmapRecords } from './munmap.ts';
import type { EvidenceRecord } from './record.ts';

export * from './figure.ts';
export { isPageFault1, measurePageFault1, type PageFaultPoint } from './page-fault1.ts';
export type { EvidenceRecord, Published, RunReport } from './record.ts';

/** Every record whose experiment there is, in the order in which they are listed. */
export const records: readonly EvidenceRecord[] = [...munmapRecords, ...lockRecords, ...batchRecords];
