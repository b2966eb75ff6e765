import type { ReactNode } from 'react';
import type { RecordName } from '../../store/index.ts';
import { icons } from '../controls/icons.tsx';
import { Opener } from '../controls/popup.tsx';

/** Where the shown strategy comes from, and what became of it. */
export function History({ record }: { readonly record: RecordName }): ReactNode {
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
      {(_, parts) => (
        <>
          <h2 className="floating-title">{record.title}</h2>
          <parts.RecordFacts of={record} />
        </>
      )}
    </Opener>
  );
}
