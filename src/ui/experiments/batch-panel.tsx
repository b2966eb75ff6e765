import { type ReactNode, useMemo, useState } from 'react';
import { readForm, seriesOf } from '../../store/experiments/index.ts';
import { BatchCharts } from './batch-charts.tsx';
import { BatchFormPanel } from './batch-form.tsx';
import { BatchTable } from './batch-table.tsx';
import { Key } from './key.tsx';
import { Notes } from './notes.tsx';
import { useExperiments } from './use-experiments.ts';

/** The experiment over the batch of the per-CPU lists: its form, its charts with what was published, its numbers. */
export function BatchPanel(): ReactNode {
  const form = useExperiments((e) => e.form);
  const outcomes = useExperiments((e) => e.outcomes);
  const read = useMemo(() => readForm(form), [form]);
  // As long as something in the form is wrong, what it said before stays in sight.
  const [good, setGood] = useState({ form, read });
  if (good.read !== read && read.problems.length === 0) setGood({ form, read });
  const series = useMemo(() => seriesOf(good.form, good.read.points, outcomes), [good, outcomes]);
  const asked = useMemo(() => good.read.points.map(({ batch }) => batch), [good]);
  const empty = series.rows.length === 0;
  return (
    <main className="experiments">
      <BatchFormPanel read={read} />
      <div className="experiment-results">
        <section className="experiment-charts" aria-label="Charts">
          <Key form={good.form} series={series} />
          {empty && series.published.length === 0 ? (
            <p className="experiment-none">
              Nothing measured yet. Each point is a run of page_fault1 until two rounds in a row are alike: on
              this machine there are no published points to compare with.
            </p>
          ) : (
            <BatchCharts series={series} asked={asked} />
          )}
          {series.failures.map(({ point, message }) => (
            <p key={point.name} className="experiment-failure" role="alert">
              <b>
                Batch {point.batch}, seed {point.seed}:
              </b>{' '}
              {message.split('\n')[0]}
            </p>
          ))}
          {!empty && <BatchTable form={good.form} series={series} />}
        </section>
        <Notes />
      </div>
    </main>
  );
}
