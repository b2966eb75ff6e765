import type { ReactNode } from 'react';
import type { AppState } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';

type Diagnostic = AppState['diagnostics'][number];

/** More than these nobody reads at once. */
const MOST = 12;

function placeOf({ file, line, col }: Diagnostic): string {
  return file === '--set' || file === 'scenario' ? 'choice' : `${file}:${line}:${col}`;
}

/** The line that a message is about, with a mark below its column. */
function Excerpt({
  text,
  line,
  col,
}: {
  readonly text: string;
  readonly line: number;
  readonly col: number;
}): ReactNode {
  const content = text.split('\n')[line - 1];
  if (content === undefined || content.length > 400) return null;
  return (
    <pre className="excerpt">
      <span className="number">{line}</span>
      {content}
      {'\n'}
      <span className="number"> </span>
      {' '.repeat(Math.max(0, col - 1))}
      <span className="mark">^</span>
    </pre>
  );
}

/** What is wrong with an experiment that cannot be built, and the ways out. */
export function Refusal(): ReactNode {
  const diagnostics = useApp((s) => s.diagnostics);
  const text = useApp((s) => s.experiment.text);
  const canGoBack = useApp((s) => s.lastGood !== null);
  return (
    <main className="message" aria-labelledby="refused">
      <div className="card">
        <h1 id="refused">This experiment cannot be built</h1>
        <div role="alert">
          <ul className="diagnostics">
            {diagnostics.slice(0, MOST).map((d) => (
              <li key={`${d.file}:${d.line}:${d.col} ${d.message}`}>
                <span className="mono place">{placeOf(d)}</span>
                <span>
                  {d.message}
                  {d.nearest !== undefined && !d.message.includes('nearest') && (
                    <>
                      {' '}
                      <span className="dim">The nearest known name is</span>{' '}
                      <b className="mono">{d.nearest}</b>.
                    </>
                  )}
                </span>
                {text !== undefined && placeOf(d) !== 'choice' && (
                  <Excerpt text={text} line={d.line} col={d.col} />
                )}
              </li>
            ))}
          </ul>
        </div>
        {diagnostics.length > MOST && <p className="dim">and {diagnostics.length - MOST} more</p>}
        <button type="button" className="button primary" onClick={() => app().recover()}>
          {canGoBack ? 'Back to the last experiment that ran' : 'Open the default scenario'}
        </button>
      </div>
    </main>
  );
}
