import type { ReactNode } from 'react';
import { MEASURED, type MechanismRow } from '../../store/mechanisms/index.ts';
import { experiments } from '../experiments/use-experiments.ts';
import { acquiredText, type CellText, holdText, operationText, waitText } from './text.ts';

interface Props {
  readonly row: MechanismRow;
}

function Figure({ text: { main, below } }: { readonly text: CellText }): ReactNode {
  return (
    <td className="mechanism-figure">
      <span className={main === 'none' ? 'dim' : undefined}>{main}</span>
      {below.map((line) => (
        <span key={line} className="mechanism-below">
          {line}
        </span>
      ))}
    </td>
  );
}

/** What was measured of a mechanism; until then, the way to measure it, in the place of all these columns. */
export function MeasuredCells({ row: { mechanism, measured } }: Props): ReactNode {
  if (measured.state === 'there') {
    const { figures } = measured;
    return (
      <>
        <Figure text={holdText('write', figures)} />
        <Figure text={holdText('read', figures)} />
        <Figure text={waitText(figures)} />
        <Figure text={acquiredText(figures)} />
        <Figure text={operationText(figures, mechanism.measuring)} />
      </>
    );
  }
  const { title } = mechanism.record;
  return (
    <td className="mechanism-unmeasured" colSpan={MEASURED.length}>
      {measured.state === 'waiting' ? (
        <span className="mechanism-wait">
          <span className="dim">{measured.share === null ? 'Waits for its turn' : 'Under way'}</span>
          {measured.share !== null && (
            <progress aria-label={`Measuring ${title}`} max={1} value={measured.share} />
          )}
        </span>
      ) : (
        <span className="mechanism-wait">
          {measured.state === 'failed' ? (
            <span className="mechanism-failure" role="alert">
              Not measured: {measured.message.split('\n')[0]}
            </span>
          ) : (
            <span className="dim">Not measured yet</span>
          )}
          <button
            type="button"
            className="button small"
            aria-label={`Measure ${title}`}
            onClick={() => experiments().measure([mechanism.run])}
          >
            Measure
          </button>
        </span>
      )}
    </td>
  );
}
