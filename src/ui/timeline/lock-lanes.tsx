import { type ReactNode, useEffect, useRef } from 'react';
import {
  Class,
  mmOf,
  objectLabel,
  PAGE_BYTES,
  TABLE_PAGES,
  type TraceMeta,
  withinMm,
} from '../../event/index.ts';
import type { PyramidView } from '../../trace/index.ts';
import { app } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { quietTitle } from '../text/lock-label.ts';
import { tip } from '../tips/tip.ts';
import { Canvas, type DrawPieces } from './canvas.tsx';
import { LOCK_GAP, type LockRow } from './geometry.ts';
import { TableFinder } from './table-finder.tsx';
import type { Quiet } from './use-layout.ts';

/** Height of the line in which a table is asked for by address. */
export const FINDER = 26;
/** What the fold of the locks that nobody waited for is called among the folds; it is closed unless that says so. */
export const QUIET_KEY = 'quiet locks';

interface LockLanesProps {
  readonly rows: readonly LockRow[];
  /** Height of all rows, and of what there is room for: more than that scrolls. */
  readonly total: number;
  readonly room: number;
  readonly draw: DrawPieces;
  readonly onScroll: (top: number) => void;
  /** Lane that must be in sight, -1 for none. */
  readonly wanted: number;
  /** Whether the group of page-table locks is open. */
  readonly open: boolean;
  readonly quiet: Quiet;
  readonly view: PyramidView | null;
  readonly meta: TraceMeta | null;
}

function Name({ row, label }: { readonly row: LockRow; readonly label: string }): ReactNode {
  // Of a lock that every address space has, it says whose it is.
  const [name = '', owner] = label.split('/');
  return (
    <div className="lock-name" style={{ top: row.top }} title={label}>
      <span>
        {name}
        {owner !== undefined && <span className="dim"> {owner}</span>}
      </span>
      <span className="lock-queue">queue</span>
    </div>
  );
}

/** A lock that nobody waited for, by whose it is: it has no queue. */
function OwnersName({ row, label }: { readonly row: LockRow; readonly label: string }): ReactNode {
  return (
    <div className="table-name" style={{ top: row.top, height: row.height }} title={label}>
      {label.split('/')[1] ?? label}
    </div>
  );
}

/** The row of all those locks, which opens to single ones. */
function QuietName(props: {
  readonly row: LockRow;
  readonly quiet: Quiet;
  readonly title: string;
}): ReactNode {
  const { row, quiet, title } = props;
  return (
    <button
      type="button"
      className="tables-name quiet-name"
      style={{ top: row.top }}
      aria-expanded={quiet.open}
      {...tip('Locks of as many processes that nobody waited for')}
      onClick={() => app().setFold(QUIET_KEY, quiet.open)}
    >
      {icons.chevron}
      <span>
        {title}
        <span className="dim">never contended</span>
      </span>
    </button>
  );
}

/** One page-table lock of the open group, by the first address that its table maps. */
function TableName({
  row,
  lock,
  meta,
}: {
  readonly row: LockRow;
  readonly lock: number;
  readonly meta: TraceMeta;
}): ReactNode {
  const address = `0x${(withinMm(lock) * TABLE_PAGES * PAGE_BYTES).toString(16)}`;
  return (
    <div className="table-name" style={{ top: row.top, height: row.height }} title={objectLabel(lock, meta)}>
      {address}
      {meta.mms.length > 1 && <span className="dim"> {meta.mms[mmOf(lock)]}</span>}
    </div>
  );
}

/** The group of all page-table locks, which opens to single ones. */
function TablesName({
  row,
  count,
  open,
}: {
  readonly row: LockRow;
  readonly count: number;
  readonly open: boolean;
}): ReactNode {
  return (
    <button
      type="button"
      className="tables-name"
      style={{ top: row.top }}
      aria-expanded={open}
      title={count === 0 ? 'Nobody waited for a page-table lock' : `${count} of them were waited for`}
      onClick={() => app().openTables(!open)}
    >
      {icons.chevron}
      page tables
    </button>
  );
}

/** Owners and queues of the locks, with their names at the left. */
export function LockLanes(props: LockLanesProps): ReactNode {
  const { rows, total, room, draw, onScroll, wanted, view, meta, open, quiet } = props;
  const list = useRef<HTMLElement>(null);

  useEffect(() => {
    const row = rows.find(({ lane }) => lane === wanted);
    const element = list.current;
    if (row === undefined || element === null) return;
    const bottom = row.top + row.height + LOCK_GAP;
    element.scrollTop = Math.max(bottom - room, Math.min(element.scrollTop, row.top - LOCK_GAP));
  }, [rows, wanted, room]);

  return (
    <section
      className="locks"
      aria-label="Locks"
      ref={list}
      style={{ height: room }}
      // Who has no pointer must be able to scroll it.
      {...(total > room ? { tabIndex: 0 } : {})}
      onScroll={(event) => onScroll(event.currentTarget.scrollTop)}
    >
      <div className="locks-all" style={{ height: total }}>
        <div className="locks-stick" style={{ height: room }}>
          <Canvas className="fill" draw={draw} />
        </div>
        {view !== null &&
          meta !== null &&
          rows.map((row) => {
            if (row.name === 'quiet') {
              return <QuietName key="quiet" row={row} quiet={quiet} title={quietTitle(quiet.locks, meta)} />;
            }
            const lock = view.lockOf(row.lane) ?? 0;
            if (row.name === 'owners') {
              return <OwnersName key={row.lane} row={row} label={objectLabel(lock, meta)} />;
            }
            if (row.name === 'table') return <TableName key={row.lane} row={row} lock={lock} meta={meta} />;
            if (row.name === 'tables') {
              return (
                <TablesName key={row.lane} row={row} count={view.lanesOf(Class.TABLE).length} open={open} />
              );
            }
            return <Name key={row.lane} row={row} label={objectLabel(lock, meta)} />;
          })}
        {open && view !== null && meta !== null && (
          <TableFinder
            view={view}
            meta={meta}
            top={total - FINDER}
            none={rows.every(({ name }) => name !== 'table')}
          />
        )}
      </div>
    </section>
  );
}
