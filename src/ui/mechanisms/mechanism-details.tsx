import type { ReactNode } from 'react';
import type { ScenarioLink as Link, MechanismRow } from '../../store/mechanisms/index.ts';
import type { Target } from '../experiments/use-hrefs.ts';
import { ScenarioLink } from './scenario-link.tsx';
import { plainTarget } from './targets.ts';
import { measuredText } from './text.ts';

interface Props {
  readonly row: MechanismRow;
  readonly hrefOf: (target: Target) => string | undefined;
}

const USES: readonly (readonly [use: Link['use'], name: string])[] = [
  ['risk', 'Does badly in'],
  ['win', 'Does well in'],
  ['set', 'Chosen by'],
  ['default', 'By default in'],
];

/** A text; the addresses in it lead there. */
function Linked({ text }: { readonly text: string }): ReactNode {
  return text.split(/(https?:\/\/[^\s)]*[^\s).,;])/).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <a key={part} className="run-link" href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ),
  );
}

/** All that the catalogue says of a mechanism, what was measured in full, and every scenario that has it. */
export function MechanismDetails({ row: { mechanism, measured }, hrefOf }: Props): ReactNode {
  const { record, scenarios, measuring, run } = mechanism;
  const words: readonly (readonly [string, string])[] = [
    ['Can go wrong', record.breaks],
    ['Fixes', record.fixes],
    ['Outcome', record.outcome],
    ['Kernels', record.kernels],
    ['Proposed', `${record.date}, ${record.author}`],
    ['Source', record.source],
    ['Knobs', record.knobs.join(', ')],
    ['Needs', record.requires.join(', ')],
    ['Excludes', record.conflicts.join(', ')],
  ];
  return (
    <div className="mechanism-details">
      <dl>
        {words.map(
          ([name, text]) =>
            text !== '' && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Linked text={text} />
                </dd>
              </div>
            ),
        )}
      </dl>
      <dl>
        <div>
          <dt>Measured by</dt>
          <dd>
            {measuring.what}
            {measuring.but !== undefined && `; this one ${measuring.but}`}{' '}
            <a className="run-link" href={hrefOf({ scenario: run.scenario, set: run.set })}>
              open this run
            </a>
          </dd>
        </div>
        {measured.state === 'there' && (
          <div>
            <dt>Measured</dt>
            <dd>{measuredText(measured.figures, mechanism)}</dd>
          </div>
        )}
        {USES.map(([use, name]) => {
          const links = scenarios.filter((link) => link.use === use);
          return (
            links.length > 0 && (
              <div key={use}>
                <dt>{name}</dt>
                <dd className="mechanism-links">
                  {links.map((link) => (
                    <ScenarioLink key={link.id} link={link} href={hrefOf(plainTarget(link.id))} />
                  ))}
                </dd>
              </div>
            )
          );
        })}
      </dl>
    </div>
  );
}
