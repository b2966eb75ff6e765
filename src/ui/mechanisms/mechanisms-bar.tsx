import type { ReactNode } from 'react';
import { app, useApp } from '../app-store.ts';
import { share } from '../bars/share.ts';
import { icons } from '../controls/icons.tsx';
import { tip } from '../tips/tip.ts';

/** What the page is, and the ways out of it. */
export function MechanismsBar(): ReactNode {
  const theme = useApp((s) => s.theme);
  const link = useApp((s) => s.experimentsLink);
  return (
    <header className="top-bar">
      <span className="wordmark" role="img" aria-label="mmscope">
        <b>mm</b>scope
      </span>
      <button type="button" className="button" onClick={() => app().showRun()}>
        {icons.left}
        Run
      </button>
      <h2 className="page-title">Mechanisms</h2>
      <span className="mechanisms-said dim">
        Who held what, in which mode, and for how long: measured by runs on this page
      </span>
      <span className="spring" />
      <a className="button" href={`#${link}`}>
        Experiments
      </a>
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
