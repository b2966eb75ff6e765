import type { ReactNode } from 'react';
import type { RecordName } from '../../store/index.ts';
import { wholeRecord } from '../../store/strategies.ts';

const FACTS = [
  ['author', 'Author'],
  ['date', 'Date'],
  ['kernels', 'Kernels'],
  ['outcome', 'Outcome'],
  ['fixes', 'Fixes'],
  ['breaks', 'Breaks'],
  ['source', 'Source'],
] as const;

/** What the catalogue says of a strategy. */
export function RecordFacts({ of }: { readonly of: RecordName }): ReactNode {
  const record = wholeRecord(of);
  return (
    record !== undefined && (
      <dl>
        {FACTS.map(([key, label]) => (
          <div key={key}>
            <dt>{label}</dt>
            <dd className={key === 'source' ? 'source' : undefined}>{record[key]}</dd>
          </div>
        ))}
      </dl>
    )
  );
}
