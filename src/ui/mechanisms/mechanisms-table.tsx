import type { ReactNode } from 'react';
import {
  type Column,
  firstDescending,
  MEASURED,
  type MechanismsView,
  type MechanismRow as Row,
  shownRows,
} from '../../store/mechanisms/index.ts';
import { icons } from '../controls/icons.tsx';
import { useHrefs } from '../experiments/use-hrefs.ts';
import { tip } from '../tips/tip.ts';
import { MechanismRow } from './mechanism-row.tsx';
import { TARGETS } from './targets.ts';
import { HEADERS } from './text.ts';
import { changeView } from './use-view.ts';

const COLUMNS = Object.keys(HEADERS) as Column[];

/** One way, then the other, then the order of the catalogue again. */
function sortBy(column: Column, { sort, descending }: MechanismsView): void {
  const first = firstDescending(column);
  if (sort !== column) changeView({ sort: column, descending: first });
  else if (descending === first) changeView({ descending: !first });
  else changeView({ sort: null, descending: false });
}

function Header({ column, view }: { readonly column: Column; readonly view: MechanismsView }): ReactNode {
  const { name, below, tip: words } = HEADERS[column];
  const sorted = view.sort === column;
  const direction = view.descending ? 'descending' : 'ascending';
  const figure = MEASURED.some((measured) => measured === column);
  const arrow = sorted && <span className={`mechanism-arrow ${direction}`}>{icons.chevron}</span>;
  return (
    <th
      scope="col"
      className={figure ? `mechanism-figure column-${column}` : `column-${column}`}
      aria-sort={sorted ? direction : 'none'}
    >
      <button type="button" className="mechanism-sort" {...tip(words)} onClick={() => sortBy(column, view)}>
        <span>
          {figure && arrow}
          {(column === 'write' || column === 'read') && (
            <span className={`swatch solid-hold-${column}`} aria-hidden="true" />
          )}
          {name}
          {!figure && arrow}
        </span>
        {below !== undefined && <span className="mechanism-below">{below}</span>}
      </button>
    </th>
  );
}

interface Props {
  readonly rows: readonly Row[];
  readonly view: MechanismsView;
}

/** The table: a row for each mechanism, its head always in sight. */
export function MechanismsTable({ rows, view }: Props): ReactNode {
  const hrefOf = useHrefs(TARGETS);
  const toggle = (key: string): void => {
    const { open } = view;
    changeView({ open: open.includes(key) ? open.filter((other) => other !== key) : [...open, key] });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with the arrows
    <section className="mechanisms-box" tabIndex={0} aria-label="Table of mechanisms">
      <table>
        <colgroup>
          {COLUMNS.map((column) => (
            <col key={column} className={`width-${column}`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <Header key={column} column={column} view={view} />
            ))}
          </tr>
        </thead>
        {shownRows(rows, view).map((group) => (
          <tbody key={group.kind ?? 'all'}>
            {group.kind !== null && (
              <tr className="mechanism-group">
                <th scope="rowgroup" colSpan={COLUMNS.length}>
                  {group.title}
                  <span className="mechanism-what">{group.rows[0]?.mechanism.measuring.what}</span>
                </th>
              </tr>
            )}
            {group.rows.map((row) => (
              <MechanismRow
                key={row.mechanism.key}
                row={row}
                open={view.open.includes(row.mechanism.key)}
                columns={COLUMNS.length}
                withKind={group.kind === null}
                onToggle={() => toggle(row.mechanism.key)}
                hrefOf={hrefOf}
              />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}
