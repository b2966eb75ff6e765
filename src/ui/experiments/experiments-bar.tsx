import type { ReactNode } from 'react';
import { app, useApp } from '../app-store.ts';
import { share } from '../bars/share.ts';
import { icons } from '../controls/icons.tsx';
import { tip } from '../tips/tip.ts';
import { experiments, useExperiments } from './use-experiments.ts';

const PARTS = [
  { part: 'batch', title: 'Batch size' },
  { part: 'evidence', title: 'Evidence' },
] as const;

/** What the page is, and the ways out of it. */
export function ExperimentsBar(): ReactNode {
  const shown = useExperiments((e) => e.part);
  const theme = useApp((s) => s.theme);
  return (
    <header className="top-bar">
      <span className="wordmark" role="img" aria-label="mmscope">
        <b>mm</b>scope
      </span>
      <button type="button" className="button" onClick={() => app().showRun()}>
        {icons.left}
        Run
      </button>
      <h2 className="page-title">Experiments</h2>
      <nav className="segments" aria-label="Experiments">
        {PARTS.map(({ part, title }) => (
          <button
            key={part}
            type="button"
            className="segment-tab"
            aria-current={part === shown ? 'page' : undefined}
            onClick={() => experiments().show(part)}
          >
            {title}
          </button>
        ))}
      </nav>
      <span className="spring" />
      <button type="button" className="button" onClick={() => void share()}>
        {icons.link}
        Share
      </button>
      <button
        type="button"
        className="button square"
        aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
        {...tip(theme === 'dark' ? 'Light theme' : 'Dark theme')}
        onClick={() => app().setTheme(theme === 'dark' ? 'light' : 'dark')}
      >
        {icons.theme}
      </button>
    </header>
  );
}
