import { type ReactNode, useEffect, useRef } from 'react';
import {
  indexOf,
  type ObjectId,
  objectLabel,
  PAGE_BYTES,
  TABLE_PAGES,
  type TraceMeta,
  withinMm,
} from '../../event/index.ts';
import type { PyramidView, WaitedLocks } from '../../trace/index.ts';
import { app } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { useParts } from '../late.ts';
import { VMAS } from '../layout/lock-order.ts';
import { quietTitle, toldLabel, waitedTitle } from '../text/lock-label.ts';
import { tip } from '../tips/tip.ts';
import { Canvas, type DrawPieces } from './canvas.tsx';
import { LOCK_GAP, type LockRow } from './geometry.ts';
import type { Quiet } from './use-layout.ts';

/** Height of the line in which a table is asked for by address. */
export const FINDER = 26;
/** What the fold of the locks that nobody waited for is called among the folds; it is closed unless that says so. */
export const QUIET_KEY = 'quiet locks';
/** The same for the per-VMA locks. */
export const VMAS_KEY = 'per-VMA locks';

/** Line height of a lane's name, px; styles/locks.css has the same number. */
const LINE = 16;
const NONE_WAITED: WaitedLocks = { waited: 0, lanes: 0 };

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
  readonly vmasOpen: boolean;
  /** By class in `MANY`. */
  readonly waited: readonly WaitedLocks[];
  /** Names of areas by number of the VMA. */
  readonly vmaNames: ReadonlyMap<number, string>;
  readonly view: PyramidView | null;
  readonly meta: TraceMeta | null;
}

function Name(props: { readonly row: LockRow; readonly lock: ObjectId; readonly label: string }): ReactNode {
  const { row, lock, label } = props;
  // Of a lock that every address space has, it says whose it is.
  const [name = '', owner] = label.split('/');
  return (
    <button
      type="button"
      className="lock-name lock-choice"
      style={{ top: row.top }}
      title={label}
      onClick={() => app().selectLock(lock)}
    >
      <span>
        {name}
        {owner !== undefined && <span className="dim"> {owner}</span>}
      </span>
      <span className="lock-queue" aria-hidden>
        queue
      </span>
    </button>
  );
}

/** A lane with one line of text. */
function ShortName(props: {
  readonly row: LockRow;
  /** What is chosen by it; null where it is no lock. */
  readonly lock: ObjectId | null;
  readonly title: string;
  readonly owner?: string | undefined;
  readonly children: string;
}): ReactNode {
  const { row, lock, title, owner, children } = props;
  const style = { top: row.top, height: row.height };
  const text = (
    <>
      {children}
      {owner !== undefined && <span className="dim"> {owner}</span>}
    </>
  );
  return lock === null ? (
    <div className="table-name told-name" style={style} title={title}>
      {text}
    </div>
  ) : (
    <button
      type="button"
      className="table-name lock-choice"
      // A button would put its line into the middle of a higher row.
      style={{ ...style, paddingBottom: row.height - LINE }}
      title={title}
      onClick={() => app().selectLock(lock)}
    >
      {text}
    </button>
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

/** A short name for a lane, whose part behind the slash says whose it is. */
function shortName(
  row: LockRow,
  lock: number,
  meta: TraceMeta,
  vmaNames: LockLanesProps['vmaNames'],
): ReactNode {
  const told = row.name === 'seq' || row.name === 'grace';
  const label = told ? toldLabel(lock, meta) : objectLabel(lock, meta);
  const [name = '', owner] = label.split('/');
  const texts: Readonly<Partial<Record<LockRow['name'], string | undefined>>> = {
    owners: owner ?? name,
    // By the first address that its table maps.
    table: `0x${(withinMm(lock) * TABLE_PAGES * PAGE_BYTES).toString(16)}`,
    vma: vmaNames.get(indexOf(lock)),
  };
  const text = texts[row.name];
  // Whose a lock of a VMA is matters less than which one it is.
  const dim = row.name === 'owners' ? undefined : row.name === 'vma' && text !== undefined ? name : owner;
  return (
    <ShortName
      key={row.lane}
      row={row}
      lock={told ? null : lock}
      title={row.name === 'vma' && text !== undefined ? `${label} ${text}` : label}
      owner={dim}
    >
      {text ?? name}
    </ShortName>
  );
}

/** The group of all locks of a class, which opens to single ones. */
function GroupName(props: {
  readonly row: LockRow;
  readonly waited: WaitedLocks | undefined;
  readonly open: boolean;
  readonly onClick: () => void;
}): ReactNode {
  const { row, waited = NONE_WAITED, open, onClick } = props;
  const tables = row.name === 'tables';
  const title = waitedTitle(waited, !tables);
  return (
    <button
      type="button"
      className={tables ? 'tables-name' : 'tables-name quiet-name vmas-name'}
      style={{ top: row.top }}
      aria-expanded={open}
      title={title}
      onClick={onClick}
    >
      {icons.chevron}
      {tables ? (
        'page tables'
      ) : (
        <span>
          vm_lock
          <span className="dim">{title}</span>
        </span>
      )}
    </button>
  );
}

/** Owners and queues of the locks, with their names at the left. */
export function LockLanes(props: LockLanesProps): ReactNode {
  const { rows, total, room, draw, onScroll, wanted, view, meta, open, quiet, vmasOpen } = props;
  const { waited, vmaNames } = props;
  const list = useRef<HTMLElement>(null);
  const parts = useParts(open);

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
            if (row.name === 'lock')
              return <Name key={row.lane} {...{ row, lock }} label={objectLabel(lock, meta)} />;
            if (row.name !== 'tables' && row.name !== 'vmas') return shortName(row, lock, meta, vmaNames);
            const tables = row.name === 'tables';
            return (
              <GroupName
                key={row.lane}
                row={row}
                waited={waited[tables ? 0 : VMAS]}
                open={tables ? open : vmasOpen}
                onClick={() => (tables ? app().openTables(!open) : app().setFold(VMAS_KEY, vmasOpen))}
              />
            );
          })}
        {open && view !== null && meta !== null && parts !== null && (
          <parts.TableFinder
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
