import { type ReactNode, useEffect, useRef } from 'react';
import { objectLabel, type TraceMeta } from '../../event/index.ts';
import type { PyramidView } from '../../trace/index.ts';
import { Canvas, type Draw } from './canvas.tsx';
import { LOCK_GAP, type LockRow } from './geometry.ts';

interface LockLanesProps {
  readonly rows: readonly LockRow[];
  /** Height of all rows, and of what there is room for: more than that scrolls. */
  readonly total: number;
  readonly room: number;
  readonly draw: Draw;
  readonly onScroll: (top: number) => void;
  /** Lane that must be in sight, -1 for none. */
  readonly wanted: number;
  readonly view: PyramidView | null;
  readonly meta: TraceMeta | null;
}

function Name({ row, label }: { readonly row: LockRow; readonly label: string }): ReactNode {
  // Of a lock that every address space has, the second line says whose it is.
  const [name = '', owner] = label.split('/');
  return (
    <div className="lock-name" style={{ top: row.top }} title={label}>
      <span>{name}</span>
      {row.name === 'lock' && <span className="dim">{owner ?? 'queue'}</span>}
    </div>
  );
}

/** Owners and queues of the locks, with their names at the left. */
export function LockLanes(props: LockLanesProps): ReactNode {
  const { rows, total, room, draw, onScroll, wanted, view, meta } = props;
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
          rows.map((row) => (
            <Name
              key={row.lane}
              row={row}
              label={row.name === 'tables' ? 'page tables' : objectLabel(view.locks[row.lane] ?? 0, meta)}
            />
          ))}
      </div>
    </section>
  );
}
