import { batchRecords } from './batch.ts';
import { diskRecords } from './disk.ts';
import { faultRecords } from './faults.ts';
import { lockRecords } from './locks.ts';
import { munmapRecords } from './munmap.ts';
import type { EvidenceRecord } from './record.ts';

/** Every record whose experiment there is, in the order in which they are listed. */
export const records: readonly EvidenceRecord[] = [
  ...munmapRecords,
  ...diskRecords,
  ...lockRecords,
  ...faultRecords,
  ...batchRecords,
];
