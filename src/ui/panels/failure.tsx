import type { ReactNode } from 'react';
import { app, useApp } from '../app-store.ts';

/** The engine threw: says so and loads the same experiment again. */
export function Failure(): ReactNode {
  const failure = useApp((s) => s.failure);
  return (
    <main className="message" aria-labelledby="failed">
      <div className="card">
        <h1 id="failed">The simulation stopped working</h1>
        <p>This is a defect of mmscope, not of the scenario. What it said:</p>
        <pre className="excerpt" role="alert">
          {failure}
        </pre>
        <div className="actions">
          <button type="button" className="button primary" onClick={() => app().load(app().experiment, true)}>
            Load it again
          </button>
          <button type="button" className="button" onClick={() => app().recover()}>
            Open the default scenario
          </button>
        </div>
      </div>
    </main>
  );
}
