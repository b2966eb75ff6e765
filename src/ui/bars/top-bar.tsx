import type { ReactNode } from 'react';
import { munmaps } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { KernelMenu } from '../controls/kernel-menu.tsx';
import { Select } from '../controls/select.tsx';
import { SettingsMenu } from '../controls/settings-menu.tsx';
import { partsThere, useParts } from '../late.ts';
import { keysOf } from '../tips/shortcuts.ts';
import { tip } from '../tips/tip.ts';

async function share(): Promise<void> {
  await (await partsThere())?.share();
}

/** What is being run, and what can be done with the page as a whole. */
export function TopBar(): ReactNode {
  const scenario = useApp((s) => s.experiment.scenario);
  const own = useApp((s) => s.experiment.text !== undefined);
  const override = useApp((s) => s.experiment.set['munmap']);
  const resolved = useApp((s) => s.info?.choices['munmap']);
  const theme = useApp((s) => s.theme);
  const experiments = useApp((s) => s.experimentsLink);
  const mechanisms = useApp((s) => s.mechanismsLink);
  const titles = useApp((s) => s.titles);
  const parts = useParts(false);
  return (
    <header className="top-bar">
      <span className="wordmark" role="img" aria-label="mmscope">
        <b>mm</b>scope
      </span>
      <Select
        named
        label="Scenario"
        options={parts?.scenarios ?? titles}
        value={own ? `${scenario} (own text)` : scenario}
        onChange={(id) => app().pick('scenario', id)}
      />
      <Select
        named
        label="munmap"
        options={parts?.munmapChoices ?? munmaps}
        value={override ?? resolved ?? '…'}
        onChange={(id) => app().pick('munmap', id)}
      />
      <span className="break" />
      <KernelMenu />
      <SettingsMenu />
      <span className="spring" />
      <a className="button" href={`#${mechanisms}`}>
        Mechanisms
      </a>
      <a className="button" href={`#${experiments}`}>
        Experiments
      </a>
      <button
        type="button"
        className="button square"
        aria-label="Share"
        {...tip('Share')}
        onClick={() => void share()}
      >
        {icons.link}
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
      <button
        type="button"
        className="button square"
        aria-label="Help"
        {...tip('Help', keysOf('this help'))}
        onClick={() => app().setHelp(true)}
      >
        ?
      </button>
    </header>
  );
}
