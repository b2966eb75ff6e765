import { type ReactNode, useMemo } from 'react';
import { asCsv, asJson, type BatchForm, type Series } from '../../store/experiments/index.ts';
import { app } from '../app-store.ts';
import { saveFile } from '../save.ts';
import { count } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { changeText, pct } from './text.ts';
import { useHrefs } from './use-hrefs.ts';

interface Props {
  readonly form: BatchForm;
  readonly series: Series;
}

/** Puts a text on the clipboard; where the browser does not let that be, hands it over as a file. */
async function copy(name: string, type: string, text: string): Promise<void> {
  const { notify } = app();
  try {
    await navigator.clipboard.writeText(text);
    notify({ tone: 'info', text: `Copied ${name}.` });
  } catch {
    notify({
      tone: 'error',
      text: 'The browser did not let the numbers be copied.',
      offer: { label: `Save ${name}`, act: () => saveFile(name, type, text) },
    });
  }
}

/** Every number, a line for each point. */
export function BatchTable({ form, series }: Props): ReactNode {
  const points = useMemo(() => series.rows.flatMap((row) => row.points), [series]);
  const targets = useMemo(
    () => points.map(({ run }) => ({ scenario: 'page-fault1', set: run.set })),
    [points],
  );
  const hrefOf = useHrefs(targets);
  const there = series.published.length > 0;
  return (
    <div className="experiment-table">
      <div className="experiment-table-head">
        <h2>Numbers</h2>
        <button
          type="button"
          className="button small"
          onClick={() => void copy('batch.csv', 'text/csv', asCsv(series))}
        >
          Copy CSV
        </button>
        <button
          type="button"
          className="button small"
          onClick={() => void copy('batch.json', 'application/json', asJson(form, series))}
        >
          Copy JSON
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with the arrows */}
      <section className="experiment-table-box" tabIndex={0} aria-label="Table of all points">
        <table>
          <thead>
            <tr>
              <th scope="col">Batch</th>
              {form.seeds > 1 && <th scope="col">Seed</th>}
              <th scope="col">Score /s</th>
              <th scope="col">Change</th>
              <th scope="col">Zone</th>
              <th scope="col">LRU</th>
              <th scope="col">Both</th>
              <th scope="col">p50</th>
              <th scope="col">p99</th>
              <th scope="col">Worst</th>
              <th scope="col">Steady at</th>
              {there && <th scope="col">Published /s</th>}
              {there && <th scope="col">Zone, LRU</th>}
            </tr>
          </thead>
          <tbody>
            {points.map(({ batch, seed, run, name, point, changePct }, i) => {
              const published = series.published.find((row) => row.batch === batch);
              const { p50Ns, p99Ns, maxNs } = point.allocLatency;
              return (
                <tr key={name}>
                  <th scope="row">
                    <a
                      className="run-link"
                      href={hrefOf(targets[i] ?? { scenario: 'page-fault1', set: run.set })}
                      aria-label={`Open the run at batch ${batch}, seed ${seed}`}
                    >
                      {batch}
                    </a>
                  </th>
                  {form.seeds > 1 && <td>{seed}</td>}
                  <td>{count(point.score)}</td>
                  <td>{changePct === null ? '' : changeText(changePct)}</td>
                  <td>{pct(point.zoneSharePct)}</td>
                  <td>{pct(point.lruSharePct)}</td>
                  <td>{pct(point.totalSharePct)}</td>
                  <td>{duration(p50Ns)}</td>
                  <td>{duration(p99Ns)}</td>
                  <td>{duration(maxNs)}</td>
                  <td>{point.warmupNs === null ? 'not steady' : duration(point.warmupNs)}</td>
                  {there && <td>{published === undefined ? '' : count(published.score)}</td>}
                  {there && (
                    <td>{published === undefined ? '' : `${published.zonePct} %, ${published.lruPct} %`}</td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}
