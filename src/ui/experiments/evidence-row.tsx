import { type ReactNode, useState } from 'react';
import { type Figure, runsOfAll } from '../../store/experiments/index.ts';
import { icons } from '../controls/icons.tsx';
import { FigureChart } from './figure-chart.tsx';
import { isMiss, publishedText, unitSign, verdictText } from './figure-text.ts';
import { figure as spell } from './text.ts';
import { experiments } from './use-experiments.ts';

/** How sure a published figure is, by its mark. */
const MARKS: Readonly<Record<string, string>> = {
  V: 'read in the source',
  E: 'from an excerpt of the source',
  D: 'derived from what was read',
  M: 'recalled, not checked',
};

interface Props {
  readonly figure: Figure;
  readonly href: string | undefined;
  /** A table's rows have one chart together. */
  readonly chart: boolean;
}

function Details({ id, figure: { record } }: { readonly id: string; readonly figure: Figure }): ReactNode {
  const { source } = record;
  const parts: readonly (readonly [string, string])[] = [
    ['Source', `${source.text}; ${MARKS[source.mark]}`],
    ['Measured on', record.measuredOn],
    ['Workload', record.workload],
    ['Simulated on', `${record.machine}; read: ${record.experiment.how}`],
    ['Left out', record.leavesOut],
    ['How sure', record.note],
    [
      'Fitted',
      record.calibrated
        ? 'The model was fitted to this figure, or its input chosen to reach it: agreement proves nothing.'
        : 'no',
    ],
    ['Commentary', record.commentary?.join(' ') ?? ''],
  ];
  return (
    <dl className="evidence-details" id={id}>
      {parts.map(
        ([name, text]) =>
          text !== '' && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** One published figure beside the simulated one; what stands behind it opens. */
export function EvidenceRow({ figure, href, chart }: Props): ReactNode {
  const { record, state, failure, errorPct } = figure;
  const { metric } = record;
  const [open, setOpen] = useState(false);
  const id = `about-${record.id}`;
  const off = isMiss(figure);
  return (
    <li className="evidence-row">
      <button
        type="button"
        className="evidence-name"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {icons.chevron}
        <span>
          <span className="evidence-title">{record.title}</span>
          {record.calibrated && <span className="evidence-fitted">fitted</span>}
          <span className="evidence-what dim">
            {metric.name}
            {unitSign(metric.unit) === '' && `, ${metric.unit}`}
          </span>
        </span>
      </button>
      {/* Alone on its scale a figure says nothing. */}
      {chart && figure.simulated !== null ? <FigureChart figure={figure} /> : <span />}
      <span className="evidence-number">{publishedText(record.published, metric.unit)}</span>
      <span className="evidence-number">
        <Simulated figure={figure} />
      </span>
      <span className={`evidence-number ${off ? 'evidence-off' : ''}`}>
        {verdictText(figure)}
        {/* A bound says so itself. */}
        {off && errorPct !== null && <span className="evidence-miss">misses</span>}
      </span>
      <span className="evidence-act">
        {state === 'there' || state === 'waiting' ? null : (
          <button
            type="button"
            className="button small"
            aria-label={`Run ${record.title}`}
            onClick={() => experiments().measure(runsOfAll([record]))}
          >
            Run
          </button>
        )}
        <a className="run-link" href={href} aria-label={`Open the run of ${record.title}`}>
          open
        </a>
      </span>
      {failure !== null && (
        <p className="experiment-failure" role="alert">
          {failure.split('\n')[0]}
        </p>
      )}
      {open && <Details id={id} figure={figure} />}
    </li>
  );
}

function Simulated({ figure: { state, simulated, record } }: { readonly figure: Figure }): ReactNode {
  if (state === 'waiting') return <span className="dim">under way</span>;
  if (state === 'failed') return <span className="dim">failed</span>;
  if (state === 'missing') return <span className="dim">not run</span>;
  return simulated === null ? 'none' : `${spell(simulated)}${unitSign(record.metric.unit)}`;
}
