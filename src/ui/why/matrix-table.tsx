import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import type { ObjectId, TraceMeta } from '../../event/index.ts';
import { app, useApp } from '../app-store.ts';
import { counted, percent } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { threadName } from '../text/why.ts';
import { tip } from '../tips/tip.ts';
import { type Cell, cellKey, isNobody, type Matrix } from './matrix.ts';

interface TableProps {
  readonly matrix: Matrix;
  readonly lock: ObjectId | null;
  readonly meta: TraceMeta;
}

/** Steps of shade; the darkest stands for the largest cell. */
const SHADES = 6;

function shadeOf(ns: number, most: number): number {
  return ns <= 0 ? 0 : Math.max(1, Math.ceil((ns / most) * SHADES));
}

function holderName(thread: number, meta: TraceMeta): string {
  return isNobody(thread) ? 'nobody' : threadName(thread, meta);
}

/** 'ran all the time', 'ran 80 %, slept 20 %'. */
function holderDid({ ns, spunNs, blockedNs, runnableNs }: Cell): string {
  const parts = (
    [
      [ns - spunNs - blockedNs - runnableNs, 'ran'],
      [spunNs, 'spun'],
      [blockedNs, 'slept'],
      [runnableNs, 'wanted a CPU'],
    ] as const
  ).filter(([part]) => part > 0);
  if (parts.length === 1) return `${parts[0]?.[1]} all the time`;
  return parts.map(([part, what]) => `${what} ${percent(part / ns)}`).join(', ');
}

function describe(waiter: string, holder: string, cell: Cell, nobody: boolean): string {
  const start = `${waiter} waited ${duration(cell.ns)} in ${counted(cell.waits, 'wait')}`;
  if (nobody) return `${start} while nobody else held the lock`;
  return `${start} for ${holder}, which meanwhile ${holderDid(cell)}`;
}

/** Waiters by holders. Arrow keys go from cell to cell; a cell that is selected filters the time view. */
export function MatrixTable({ matrix, lock, meta }: TableProps): ReactNode {
  const { waiters, holders, cells, mostNs } = matrix;
  const filter = useApp((s) => s.blameFilter);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);
  const row = Math.min(at.row, waiters.length - 1);
  const column = Math.min(at.column, holders.length - 1);
  if (waiters.length === 0) return <p className="dim blame-none">Nobody waits for a lock in this time.</p>;

  function toggle(waiter: number, holder: number): void {
    const same = filter?.waiter === waiter && filter.holder === holder;
    app().filterBlame(same ? null : { waiter, holder, lock });
    if (!same) app().select(threadName(waiter, meta));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const [down, right] = MOVES[event.key] ?? [0, 0];
    if (down !== 0 || right !== 0) {
      const next = {
        row: Math.max(0, Math.min(waiters.length - 1, row + down)),
        column: Math.max(0, Math.min(holders.length - 1, column + right)),
      };
      setAt(next);
      const cell = table.current?.tBodies[0]?.rows[next.row]?.cells[next.column + 1];
      cell?.querySelector('button')?.focus();
    } else if (event.key === ' ' || event.key === 'Enter') {
      const [waiter, holder] = [waiters[row]?.thread ?? -1, holders[column]?.thread ?? -1];
      if (cells.has(cellKey(waiter, holder))) toggle(waiter, holder);
    } else return;
    event.preventDefault();
  }

  return (
    <div className="blame-scroll">
      <table className="blame-table" aria-label="Waiters by holders" ref={table}>
        <thead>
          <tr>
            <th scope="col">
              <span aria-hidden="true">waiter ↓ holder →</span>
              <span className="hidden">waiter</span>
            </th>
            {holders.map(({ thread, ns }) => (
              <th scope="col" key={thread} {...tip(`${duration(ns)} in all`)}>
                {holderName(thread, meta)}
              </th>
            ))}
            <th scope="col">in all</th>
          </tr>
        </thead>
        <tbody>
          {waiters.map((waiter, i) => (
            <tr key={waiter.thread}>
              <th scope="row">{threadName(waiter.thread, meta)}</th>
              {holders.map((holder, k) => {
                const cell = cells.get(cellKey(waiter.thread, holder.thread));
                const selected = filter?.waiter === waiter.thread && filter.holder === holder.thread;
                const text =
                  cell === undefined
                    ? ''
                    : describe(
                        threadName(waiter.thread, meta),
                        holderName(holder.thread, meta),
                        cell,
                        isNobody(holder.thread),
                      );
                return (
                  <td key={holder.thread} className={`shade-${shadeOf(cell?.ns ?? 0, mostNs)}`}>
                    <button
                      type="button"
                      tabIndex={i === row && k === column ? 0 : -1}
                      aria-pressed={selected}
                      aria-label={text === '' ? 'nothing' : text}
                      {...tip(text)}
                      onClick={() => {
                        setAt({ row: i, column: k });
                        if (cell !== undefined) toggle(waiter.thread, holder.thread);
                      }}
                      onKeyDown={onKeyDown}
                      onFocus={() => setAt({ row: i, column: k })}
                    >
                      {cell === undefined ? '' : duration(cell.ns)}
                      {cell !== undefined && <HolderBar cell={cell} />}
                    </button>
                  </td>
                );
              })}
              <td className="sum">{duration(waiter.ns)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How much of the time the holder ran, as a line under the figure. */
function HolderBar({ cell }: { readonly cell: Cell }): ReactNode {
  const off = cell.blockedNs + cell.runnableNs + cell.spunNs;
  if (off === 0) return null;
  return <span className="holder-off" aria-hidden="true" style={{ width: `${(off / cell.ns) * 100}%` }} />;
}

const MOVES: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};
