import { runName } from '../../evidence/figure.ts';
import { strategyKinds } from '../../kernel/catalogue.ts';
import { kindLabel } from '../catalogue.ts';
import type { Experiments } from '../experiments/state.ts';
import { sortRows } from './columns.ts';
import { figuresOf } from './figures.ts';
import { mechanisms } from './list.ts';
import type { MeasuredState, Mechanism, MechanismRow, MechanismsView, RowGroup } from './state.ts';

type Known = Pick<Experiments, 'outcomes' | 'asked' | 'underway'>;

/** What has become of a mechanism's run. */
export function measuredOf({ run, measuring }: Mechanism, known: Known): MeasuredState {
  const name = runName(run);
  const outcome = known.outcomes.get(name);
  if (outcome?.kind === 'failed') return { state: 'failed', message: outcome.message };
  if (outcome?.measured.kind === 'run') {
    const { report } = outcome.measured;
    // A run that went wrong has measured nothing.
    if (report.outcome !== 'pass')
      return { state: 'failed', message: `the run ended with ${report.outcome}` };
    return { state: 'there', figures: figuresOf(report, measuring) };
  }
  if (!known.asked.includes(name)) return { state: 'missing' };
  const underway = known.underway.get(name);
  if (underway === undefined) return { state: 'waiting', share: null };
  const { now, extentNs } = underway;
  return { state: 'waiting', share: extentNs === null ? 0 : Math.min(1, now / extentNs) };
}

/** Every row with what is known of it, in the order of the catalogue. */
export function rowsOf(known: Known): readonly MechanismRow[] {
  return mechanisms.map((mechanism) => ({ mechanism, measured: measuredOf(mechanism, known) }));
}

/** How many rows each kind has, for those that have any. */
export const kindCounts = strategyKinds
  .map((kind) => ({ kind, count: mechanisms.filter(({ record }) => record.kind === kind).length }))
  .filter(({ count }) => count > 0);

/** The rows as the view wants them: filtered, in groups or in one, each sorted. */
export function shownRows(
  rows: readonly MechanismRow[],
  { sort, descending, kind, grouped }: MechanismsView,
): readonly RowGroup[] {
  const shown = rows.filter(({ mechanism }) => kind === null || mechanism.record.kind === kind);
  if (!grouped) return [{ kind: null, title: '', rows: sortRows(shown, sort, descending) }];
  return strategyKinds
    .map((k) => {
      const own = shown.filter(({ mechanism }) => mechanism.record.kind === k);
      return { kind: k, title: kindLabel(k), rows: sortRows(own, sort, descending) };
    })
    .filter((group) => group.rows.length > 0);
}
