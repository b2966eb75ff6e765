import type { ReactNode } from 'react';
import type { MechanismRow as Row } from '../../store/mechanisms/index.ts';
import { icons } from '../controls/icons.tsx';
import type { Target } from '../experiments/use-hrefs.ts';
import { counted } from '../text/numbers.ts';
import { MeasuredCells } from './measured-cells.tsx';
import { MechanismDetails } from './mechanism-details.tsx';
import { MeasuringLink, ScenarioLink } from './scenario-link.tsx';
import { plainTarget } from './targets.ts';

interface Props {
  readonly row: Row;
  readonly open: boolean;
  readonly columns: number;
  /** Where no group says so, the row names its kind. */
  readonly withKind: boolean;
  readonly onToggle: () => void;
  readonly hrefOf: (target: Target) => string | undefined;
}

/** Scenarios that have room in a row; the others are among its details. */
const SHOWN = 2;

function Prose({ text }: { readonly text: string }): ReactNode {
  return (
    <td>
      <span className="mechanism-prose">{text}</span>
    </td>
  );
}

/** One mechanism; its details open below it. */
export function MechanismRow({ row, open, columns, withKind, onToggle, hrefOf }: Props): ReactNode {
  const { mechanism } = row;
  const { record, scenarios, measuring, run, key } = mechanism;
  const id = `about-${key}`;
  const shown = scenarios.slice(0, SHOWN);
  const more = scenarios.length - shown.length;
  return (
    <>
      <tr className={open ? 'mechanism open' : 'mechanism'}>
        <th scope="row">
          <button
            type="button"
            className="mechanism-name"
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            onClick={onToggle}
          >
            {icons.chevron}
            <span>
              <span className="mechanism-title">{record.title}</span>
              <span className="mechanism-id">{withKind ? key : record.id}</span>
              {measuring.but !== undefined && (
                <span className="mechanism-below">measured {measuring.but}</span>
              )}
            </span>
          </button>
        </th>
        <MeasuredCells row={row} />
        <Prose text={record.breaks} />
        <Prose text={record.fixes} />
        <td>
          {record.date}
          <span className="mechanism-below mechanism-author">{record.author}</span>
        </td>
        <Prose text={record.kernels} />
        <Prose text={record.outcome} />
        <td className="mechanism-scenarios">
          {shown.map((link) => (
            <ScenarioLink key={link.id} link={link} href={hrefOf(plainTarget(link.id))} />
          ))}
          {scenarios.length === 0 && (
            <MeasuringLink scenario={run.scenario} href={hrefOf({ scenario: run.scenario, set: run.set })} />
          )}
          {more > 0 && (
            <button
              type="button"
              className="mechanism-more"
              aria-label={`${counted(more, 'more scenario')} of ${record.title}`}
              aria-expanded={open}
              onClick={onToggle}
            >
              {more} more
            </button>
          )}
        </td>
      </tr>
      {open && (
        <tr className="mechanism-about" id={id}>
          <td colSpan={columns}>
            <MechanismDetails row={row} hrefOf={hrefOf} />
          </td>
        </tr>
      )}
    </>
  );
}
