import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { axisNs } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { Select } from '../controls/select.tsx';
import type { SelectOption } from '../controls/select-face.tsx';
import { filterText } from '../text/filter.ts';
import { lockLabel } from '../text/lock-label.ts';
import { duration } from '../text/time.ts';
import { Far } from './far.tsx';
import { blamedLocks, matrixOf, type Order } from './matrix.ts';
import { MatrixTable } from './matrix-table.tsx';
import { useRange } from './use-range.ts';

const ALL = 'all';

const TIMES: readonly SelectOption[] = [
  { id: 'shown', title: 'what is shown' },
  { id: 'whole', title: 'the whole run' },
];

const ORDERS: readonly SelectOption[] = [
  { id: 'time', title: 'most first' },
  { id: 'name', title: 'as declared' },
];

/** What the filter leaves, in words. */
function Filter(): ReactNode {
  const meta = useApp((s) => s.info?.meta ?? null);
  const filter = useApp((s) => s.blameFilter);
  if (filter === null || meta === null) {
    return (
      <p className="dim">
        A cell selects its waiter and shows only its waits in the lanes. The grey line in it is the share of
        the time in which the holder did not run.
      </p>
    );
  }
  return (
    <p>
      Selected: {filterText(filter, meta)}{' '}
      <button type="button" className="button small" onClick={() => app().filterBlame(null)}>
        Show all
      </button>
    </p>
  );
}

/** Who waited for whom and how long, in what is shown or in the whole run, for one lock or for all. */
export function BlamePanel(): ReactNode {
  const meta = useApp((s) => s.info?.meta ?? null);
  const answer = useApp((s) => s.blame);
  const lock = useApp((s) => s.blameLock);
  const whole = useApp((s) => s.blameWhole);
  const wholeNs = useApp(axisNs);
  const recorded = useApp((s) => s.report);
  const shown = useRange();
  const [order, setOrder] = useState<Order>('time');
  const range = useMemo(() => (whole ? { from: 0, to: wholeNs } : shown), [whole, wholeNs, shown]);
  // While the run goes on, its reports say when there is more to count.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => app().askRange('blame', range), [range, recorded]);
  const pairs = answer?.pairs;
  const locks = useMemo(() => blamedLocks(pairs ?? []), [pairs]);
  const matrix = useMemo(() => matrixOf(pairs ?? [], lock, order), [pairs, lock, order]);
  if (meta === null) return null;
  const listed = [...new Set([...(lock === null ? [] : [lock]), ...locks])];
  const lockOptions = [
    { id: ALL, title: 'all locks' },
    ...listed.map((id) => ({ id: String(id), title: lockLabel(id, meta) })),
  ];
  return (
    <div className="why-blame">
      <section className="blame-choices" aria-label="Which waits">
        <h2>
          Who waits for whom <Far />
        </h2>
        <div className="choice">
          <span aria-hidden="true">Time</span>
          <Select
            label="Time"
            options={TIMES}
            value={whole ? 'whole' : 'shown'}
            onChange={(id) => app().setBlameWhole(id === 'whole')}
          />
        </div>
        <div className="choice">
          <span aria-hidden="true">Lock</span>
          <Select
            label="Lock"
            options={lockOptions}
            value={lock === null ? ALL : String(lock)}
            onChange={(id) => app().setBlameLock(id === ALL ? null : Number(id))}
          />
        </div>
        <div className="choice">
          <span aria-hidden="true">Order</span>
          <Select
            label="Order"
            options={ORDERS}
            value={order}
            onChange={(id) => setOrder(id === 'name' ? 'name' : 'time')}
          />
        </div>
        <Filter />
        {matrix.hiddenNs > 0 && (
          <p className="dim">
            Not shown: {matrix.hiddenWaiters} waiters, {matrix.hiddenHolders} holders,{' '}
            {duration(matrix.hiddenNs)}
          </p>
        )}
        {answer?.whole === false && <p className="dim">Later records are no longer kept.</p>}
      </section>
      {pairs !== undefined && <MatrixTable matrix={matrix} lock={lock} meta={meta} />}
    </div>
  );
}
