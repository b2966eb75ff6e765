import { type ReactNode, useState } from 'react';
import type { TraceMeta } from '../../event/index.ts';
import { selectedThread } from '../../store/index.ts';
import type { PyramidView } from '../../trace/index.ts';
import { app, useApp } from '../app-store.ts';
import { tableAt } from '../text/table-address.ts';

export interface TableFinderProps {
  readonly view: PyramidView;
  readonly meta: TraceMeta;
  readonly top: number;
  /** No page-table lock has a lane of its own in the span that is shown. */
  readonly none: boolean;
}

/** Asks for the lock of a page table by an address that it maps, in the mm of the selected thread. */
export function TableFinder({ view, meta, top, none }: TableFinderProps): ReactNode {
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState('');
  const mm = useApp((s) => meta.threads[selectedThread(s)]?.mm ?? 0);
  const find = (): void => {
    const table = text.trim() === '' ? null : tableAt(text, mm, meta);
    app().showTable(table);
    if (text.trim() === '') setAnswer('');
    else if (table === null) setAnswer(`"${text.trim()}" is no address of this process`);
    else setAnswer(view.singleLane(table) < 0 ? 'nobody ever waited for this page-table lock' : '');
  };
  return (
    <form
      className="table-finder"
      style={{ top }}
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
    >
      <input
        type="text"
        aria-label="Page table by address"
        placeholder="address 0x…"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <output>{answer === '' && none ? 'none contended in this span' : answer}</output>
    </form>
  );
}
