import type { ReactNode } from 'react';
import type { CatalogueRecord } from '../../store/index.ts';
import { icons } from '../controls/icons.tsx';
import { Opener } from '../controls/popup.tsx';

const FACTS: readonly (readonly [keyof CatalogueRecord & string, string])[] = [
  ['author', 'Author'],
  ['date', 'Date'],
  ['kernels', 'Kernels'],
  ['outcome', 'Outcome'],
  ['fixes', 'Fixes'],
  ['breaks', 'Breaks'],
  ['source', 'Source'],
];

/** Where the shown strategy comes from, and what became of it. */
export function History({ record }: { readonly record: CatalogueRecord }): ReactNode {
  return (
    <Opener
      label={`History of ${record.title}`}
      className="history-button"
      panelClass="history"
      button={
        <>
          <span className="hidden">History: </span>
          <span>
            {record.title} · {record.author}
          </span>
          {icons.chevron}
        </>
      }
    >
      {() => (
        <>
          <h2 className="floating-title">{record.title}</h2>
          <dl>
            {FACTS.map(([key, label]) => (
              <div key={key}>
                <dt>{label}</dt>
                <dd className={key === 'source' ? 'source' : undefined}>{String(record[key])}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Opener>
  );
}
