import type { ReactNode } from 'react';
import type { ScenarioLink as Link } from '../../store/mechanisms/index.ts';
import { icons } from '../controls/icons.tsx';
import { tip } from '../tips/tip.ts';

const SIGNS = { risk: icons.violation, win: icons.check, set: icons.right, default: icons.right } as const;
const WORDS = {
  risk: 'Shows what it breaks',
  win: 'Shows what it fixes',
  set: 'Chooses it',
  default: 'Has it by default',
} as const;

interface Props {
  readonly link: Link;
  readonly href: string | undefined;
}

/** A scenario of the gallery with its mechanism in force, in the time view. */
export function ScenarioLink({ link: { id, title, use }, href }: Props): ReactNode {
  return (
    <a
      className={`mechanism-scenario ${use}`}
      href={href}
      aria-label={`${WORDS[use]}: ${id}, ${title}`}
      {...tip(`${WORDS[use]}: ${title}`)}
    >
      {SIGNS[use]}
      <span>{id}</span>
    </a>
  );
}

interface RunProps {
  readonly scenario: string;
  readonly href: string | undefined;
}

/** The run that measures a mechanism, in the time view. */
export function MeasuringLink({ scenario, href }: RunProps): ReactNode {
  return (
    <a
      className="mechanism-scenario default"
      href={href}
      aria-label={`Open the run that measures it: ${scenario}`}
      {...tip('The run that measures it')}
    >
      {icons.right}
      <span>{scenario}</span>
    </a>
  );
}
