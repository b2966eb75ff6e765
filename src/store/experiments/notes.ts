import type { EvidenceRecord } from '../../evidence/record.ts';
import { records } from '../../evidence/records.ts';

/** A sentence of a source about the batch, with the figure that it is about if there is one. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly record: EvidenceRecord | null;
}

const LWN = 'LWN 753269, "Zone-lock and mmap_sem scalability", 3 May 2018';

/** What was said in the discussion, without a figure. */
const DISCUSSION: readonly Note[] = [
  {
    id: 'discussion.latency',
    text: 'Asked whether other workloads would suffer: the worst latency may grow, but with less contention on the zone lock it might even shrink.',
    source: LWN,
    record: null,
  },
  {
    id: 'discussion.doubled',
    text: 'The batch should about double; the systems differ too little for a batch that tunes itself.',
    source: LWN,
    record: null,
  },
];

/** What the sources say about the batch. */
export const batchNotes: readonly Note[] = [
  ...records
    .filter(({ id }) => id.startsWith('batch.'))
    .flatMap((record) =>
      (record.commentary ?? []).map((text, i) => ({
        id: `${record.id}.${i}`,
        text,
        source: record.source.text,
        record,
      })),
    ),
  ...DISCUSSION,
];
