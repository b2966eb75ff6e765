import { SimulationClient } from '../worker/client.ts';
import { type Address, bindAddress } from './address.ts';
import { type AppStore, createAppStore } from './create.ts';
import { NO_PANES, type Panes, readPanes } from './panes.ts';
import type { Theme } from './state.ts';

const THEME_KEY = 'mmscope-theme';

/** The reader's choice, else what the system prefers. Storage may be forbidden. */
function preferredTheme(): Theme {
  try {
    const kept = localStorage.getItem(THEME_KEY);
    if (kept === 'dark' || kept === 'light') return kept;
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

function keepTheme(theme: Theme): void {
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    // See above.
  }
}

const PROMPTS_KEY = 'mmscope-prompts';

function keptPrompts(): boolean {
  try {
    return localStorage.getItem(PROMPTS_KEY) !== 'off';
  } catch {
    return true;
  }
}

function keepPrompts(on: boolean): void {
  try {
    localStorage.setItem(PROMPTS_KEY, on ? 'on' : 'off');
  } catch {
    // See above.
  }
}

const PANES_KEY = 'mmscope-panes';

function keptPanes(): Panes {
  try {
    return readPanes(localStorage.getItem(PANES_KEY));
  } catch {
    return NO_PANES;
  }
}

function keepPanes(panes: Panes): void {
  try {
    localStorage.setItem(PANES_KEY, JSON.stringify(panes));
  } catch {
    // See above.
  }
}

/** The store of this page, with its worker. */
export const pageStore: AppStore = createAppStore({
  connect: (onResponse) => new SimulationClient(onResponse),
  theme: preferredTheme(),
  keepTheme,
  prompts: keptPrompts(),
  keepPrompts,
  panes: keptPanes(),
  keepPanes,
});

export type StartedPage = Address;

/** Ties the store to the address bar and loads what it says. */
export function startPage(): StartedPage {
  const address = bindAddress(pageStore, {
    read: () => location.hash,
    push: (fragment) => history.pushState(null, '', `#${fragment}`),
    replace: (fragment) => history.replaceState(null, '', `#${fragment}`),
    onChange: (listener) => addEventListener('popstate', () => void listener()),
  });
  void address.start();
  return address;
}
