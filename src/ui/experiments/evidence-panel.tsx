import { type ReactNode, useMemo } from 'react';
import {
  DEFAULT_FORM,
  type Figure,
  type FigureGroup,
  figureGroups,
  figureOf,
  missingRuns,
  readForm,
  runToOpen,
  seriesOf,
} from '../../store/experiments/index.ts';
import { counted } from '../text/numbers.ts';
import { BatchCharts } from './batch-charts.tsx';
import { Mark, type Shape } from './chart-marks.tsx';
import { EvidenceRow } from './evidence-row.tsx';
import { Progress } from './progress.tsx';
import { experiments, useExperiments } from './use-experiments.ts';
import { useHrefs } from './use-hrefs.ts';

const ALL = figureGroups.flatMap(({ records }) => records);
const TARGETS = ALL.map(runToOpen);
/** The published experiment, whose chart is that of the published table. */
const TABLE = readForm(DEFAULT_FORM);
const TABLE_BATCHES = TABLE.points.map(({ batch }) => batch);

function TableChart(): ReactNode {
  const outcomes = useExperiments((e) => e.outcomes);
  const series = useMemo(() => seriesOf(DEFAULT_FORM, TABLE.points, outcomes), [outcomes]);
  return <BatchCharts series={series} asked={TABLE_BATCHES} />;
}

interface GroupProps {
  readonly group: FigureGroup;
  readonly figures: readonly Figure[];
  readonly hrefOf: ReturnType<typeof useHrefs>;
}

function Group({ group, figures, hrefOf }: GroupProps): ReactNode {
  const { id, title, records, table } = group;
  const there = figures.filter(({ state }) => state === 'there').length;
  const missing = missingRuns(
    records,
    useExperiments((e) => e.outcomes),
  );
  const rows = (
    <>
      <p className="evidence-row evidence-columns" aria-hidden="true">
        <span className="evidence-column-name">Figure</span>
        <span>{!table && 'On one scale from 0'}</span>
        <span className="evidence-number">Published</span>
        <span className="evidence-number">Simulated</span>
        <span className="evidence-number">Error</span>
      </p>
      <ul className="evidence-rows">
        {figures.map((figure) => (
          <EvidenceRow
            key={figure.record.id}
            figure={figure}
            href={hrefOf(runToOpen(figure.record))}
            chart={!table}
          />
        ))}
      </ul>
    </>
  );
  return (
    <section className="evidence-group" aria-labelledby={`evidence-${id}`}>
      <div className="evidence-head">
        <h2 id={`evidence-${id}`}>{title}</h2>
        <span className="dim">
          {counted(figures.length, 'figure')}, {there} simulated
        </span>
        <button
          type="button"
          className="button small"
          disabled={missing.length === 0}
          onClick={() => experiments().measure(missing)}
        >
          {missing.length === 0 ? 'All run' : `Run these: ${counted(missing.length, 'run')}`}
        </button>
      </div>
      {table && <TableChart />}
      {table ? (
        <details className="evidence-all">
          <summary>All figures of the table</summary>
          {rows}
        </details>
      ) : (
        rows
      )}
    </section>
  );
}

/** A mark among words. */
function Sign({ shape, hollow = false }: { readonly shape: Shape; readonly hollow?: boolean }): ReactNode {
  return (
    <svg className="figure-chart figure-sign" width="12" height="12" aria-hidden="true">
      <Mark shape={shape} x={6} y={6} hollow={hollow} strong />
    </svg>
  );
}

/** Every published figure beside the simulated one. */
export function EvidencePanel(): ReactNode {
  const outcomes = useExperiments((e) => e.outcomes);
  const asked = useExperiments((e) => e.asked);
  const hrefOf = useHrefs(TARGETS);
  const groups = useMemo(
    () =>
      figureGroups.map((group) => ({
        group,
        figures: group.records.map((record) => figureOf(record, { outcomes, asked })),
      })),
    [outcomes, asked],
  );
  const missing = missingRuns(ALL, outcomes);
  return (
    <main className="evidence">
      <div className="evidence-intro">
        <p>
          Published measurements, each beside the same experiment simulated: <Sign shape="diamond" hollow />{' '}
          <b>published</b>, <Sign shape="circle" /> <b>simulated</b>, bands for ranges and bounds. A line
          opens to its source, and to what the model leaves out.
        </p>
        <button
          type="button"
          className="button primary"
          disabled={missing.length === 0}
          onClick={() => experiments().measure(missing)}
        >
          {missing.length === 0 ? 'All run' : `Run all: ${counted(missing.length, 'run')}`}
        </button>
      </div>
      <Progress />
      {groups.map(({ group, figures }) => (
        <Group key={group.id} group={group} figures={figures} hrefOf={hrefOf} />
      ))}
    </main>
  );
}
