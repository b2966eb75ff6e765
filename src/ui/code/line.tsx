import { memo, type ReactNode } from 'react';
import type { TraceMeta } from '../../event/index.ts';
import type { AppState, LineHold } from '../../store/index.ts';
import type { CodeLine } from '../text/code.ts';
import { holdInWords } from '../text/held.ts';
import type { Standing } from '../text/standing.ts';
import { tip } from '../tips/tip.ts';
import { Badge } from './badge.tsx';

export type Steps = NonNullable<AppState['info']>['steps'][number];

export interface LineProps {
  readonly line: CodeLine;
  readonly current: boolean;
  readonly hold: LineHold | undefined;
  /** What is held here is not what was held in the line before. */
  readonly turns: boolean;
  readonly standing: Standing | undefined;
  /** The steps of a line that takes several. */
  readonly steps: Steps | undefined;
  readonly open: boolean;
  /** The step that the shown thread does next, in the current line; -1 in others. */
  readonly next: number;
  readonly meta: TraceMeta;
  readonly onToggle: (line: number) => void;
}

function StepList({ steps, next }: { readonly steps: Steps; readonly next: number }): ReactNode {
  return (
    <ol className="steps" aria-label="Steps of this line">
      {steps.map((step, i) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place in the line
          key={i}
          className={i === next ? 'here' : undefined}
          aria-current={i === next ? 'step' : undefined}
        >
          {step.what}
        </li>
      ))}
    </ol>
  );
}

/** One line of the text: what is held there, the code, who stands there, its steps. */
export const Line = memo(function Line(props: LineProps): ReactNode {
  const { line, current, hold, turns, standing, steps, open, next, meta, onToggle } = props;
  const words = holdInWords(hold);
  return (
    <li
      className={`line${current ? ' current' : ''}`}
      aria-current={current ? 'location' : undefined}
      value={line.number}
    >
      <span className={`margin held-${hold?.mode ?? 'never'} spin-${hold?.spin ?? 'none'}`} {...tip(words)} />
      <span className="number">{line.number}</span>
      <span className="text">
        {turns && <span className="hidden">{words}:</span>}
        <code style={{ paddingInlineStart: `${line.indent * 2 + 2}ch` }}>
          {line.tokens.map((token, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the tokens of a line never change their order
            <span key={i} className={`t-${token.kind}`}>
              {token.text}
            </span>
          ))}
        </code>
        {steps !== undefined && (
          <button
            type="button"
            className="steps-button"
            aria-expanded={open}
            onClick={() => onToggle(line.number)}
          >
            {steps.length} steps
          </button>
        )}
        {standing !== undefined && <Badge standing={standing} line={line.number} meta={meta} />}
      </span>
      {open && steps !== undefined && <StepList steps={steps} next={next} />}
    </li>
  );
});
