import type { ReactNode } from 'react';
import { doneShare } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { percent } from '../text/numbers.ts';
import { verdictText } from '../text/verdict.ts';
import { tip } from '../tips/tip.ts';

/** How far the run is, with a way to stop it; then how it came out. */
export function Verdict(): ReactNode {
  const phase = useApp((s) => s.phase);
  const verdict = useApp((s) => s.progress?.verdict ?? 'running');
  const expect = useApp((s) => s.info?.expect ?? null);
  const scheduled = useApp((s) => s.info?.scheduled ?? false);
  const findings = useApp((s) => s.findings);
  const done = useApp(doneShare);
  const hash = useApp((s) => s.hash) ?? '';

  if (phase === 'building') return <span className="chip">building…</span>;
  if (phase === 'running' || phase === 'paused') {
    const running = phase === 'running';
    return (
      <span className="run-state">
        <progress max={1} value={done} aria-label="Simulated so far" />
        <span className="dim">{percent(done)} simulated</span>
        <button
          type="button"
          className="button small"
          onClick={() => (running ? app().pauseRun() : app().resumeRun())}
        >
          {running ? 'Cancel' : 'Go on'}
        </button>
      </span>
    );
  }
  if (phase !== 'ended') return null;
  const violated = findings.filter(({ kind }) => kind === 'violation').map(({ title }) => title);
  const { text, expected } = verdictText(verdict, expect, violated);
  const className = `chip verdict ${expected ? 'good' : 'bad'}`;
  const mark = expected ? icons.check : icons.cross;
  const finding = findings[0];
  const fixed = scheduled ? 'Interleaving fixed by a schedule. ' : '';
  if (finding === undefined) {
    return (
      <span className={className} data-log={hash} {...tip(`${fixed}Hash of all records: ${hash}`)}>
        {mark}
        {text}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={className}
      data-log={hash}
      {...tip(`${fixed}${finding.message} – go there`)}
      onClick={() => {
        app().openDrawer('why');
        app().move({ to: 'event', event: finding.event + 1 });
      }}
    >
      {mark}
      {text}
    </button>
  );
}
