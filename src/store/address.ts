import type { DocumentFile } from '../scenario/document.ts';
import { decodeLink, encodeLink, type LinkState, MAX_LINK } from '../scenario/link.ts';
import type { GalleryTitle } from '../scenario/titles.ts';
import type { AppStore } from './create.ts';
import { DEFAULT_EXPERIMENT } from './experiment.ts';
import { frameName, namesOf } from './names.ts';
import { pageOfLink } from './pages.ts';
import type { AppState } from './state.ts';

/** The address bar, and whatever stands in for it in tests. */
export interface AddressBar {
  /** The fragment, with or without '#'. */
  read(): string;
  push(fragment: string): void;
  replace(fragment: string): void;
  /** The reader went back, forward, or typed another fragment; the listener is done when the page has taken it in. */
  onChange(listener: () => Promise<void>): void;
}

/** How long playhead and view rest before they are written, ms: browsers refuse more than a few writes a second. */
export const WRITE_AFTER_MS = 300;

/** What a link to the present state carries. */
export function linkOf(state: AppState): LinkState {
  const { experiment, moment, ordinal, range, zoomed, selected, destination, touched } = state;
  const { line, folds, edges, tablesOpen, measured, drawer, drawerChosen } = state;
  const at = destination ?? (touched && moment !== null ? { t: moment.t, ordinal } : null);
  const frame = frameName(state);
  const view = range ?? (zoomed && at === null ? 'all' : null);
  return {
    scenario: experiment.scenario,
    ...(experiment.text === undefined ? {} : { text: experiment.text }),
    set: { ...experiment.set },
    ...(at === null ? {} : { at: { t: at.t, ordinal: at.ordinal } }),
    ...(view === null ? {} : { view }),
    ...(selected === null ? {} : { thread: selected }),
    ...(frame === null ? {} : { frame }),
    ...(line === null ? {} : { line }),
    ...(Object.keys(folds).length === 0 ? {} : { folds }),
    ...(edges === 'chain' ? {} : { edges }),
    ...(tablesOpen ? { tables: true } : {}),
    ...(measured === null ? {} : { measured }),
    ...(drawerChosen ? { drawer } : {}),
    ...namesOf(state),
  };
}

/** Parts of the state that a link carries and that change many times a second while they are dragged. */
const DRAGGED = ['range', 'zoomed'] as const satisfies readonly (keyof AppState)[];

/** Other parts beside the experiment and the playhead: a change is one choice, kept even when the page goes soon after. */
const CHOSEN = [
  'selected',
  'selectedLock',
  'frame',
  'line',
  'folds',
  'edges',
  'tablesOpen',
  'table',
  'measured',
  'drawer',
  'drawerChosen',
  'blameWhole',
  'blameLock',
  'blameFilter',
] as const satisfies readonly (keyof AppState)[];

/** The fragment of the page that is shown; throws a RangeError when it would be too long. */
export async function fragmentOf(state: AppState): Promise<string> {
  if (state.page === 'experiments') return state.experimentsLink;
  return state.page === 'mechanisms' ? state.mechanismsLink : encodeLink(linkOf(state));
}

/** For the one that a link chooses; where they cannot be fetched, the bar has its id. */
async function galleryTitles(): Promise<readonly GalleryTitle[] | undefined> {
  try {
    return (await import('../scenario/titles.ts')).titles;
  } catch {
    return undefined;
  }
}

export interface Address {
  /** Loads what the address bar says, or the default scenario where it says nothing or nonsense. */
  start(): Promise<void>;
  /** Writes now what waits to be written. */
  flush(): Promise<void>;
  /** True while a fragment is packed or unpacked, or stands in the bar and is not taken in yet. */
  busy(): boolean;
  /** True while a change waits for the reader's hand to rest before it is written. */
  waiting(): boolean;
}

/** Keeps address bar and store together: choices push an entry of the history, playhead and view replace it. */
export function bindAddress(store: AppStore, bar: AddressBar): Address {
  /** What the bar shows, and what it showed of the run last. */
  let written = '';
  let ofRun = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writtenAt = 0;
  let reading = false;
  /** Counts what the reader chose in the bar: what was packed or unpacked before the last of it comes too late. */
  let turns = 0;
  let packing = 0;

  function inBar(): string {
    return bar.read().replace(/^#/, '');
  }

  /** One after the other: packing takes a moment, and a place that overtook a choice would take its entry away. */
  let writing = Promise.resolve();
  function write(push: boolean): Promise<void> {
    stopWaiting();
    packing++;
    const turn = turns;
    writing = writing.then(() => writeNow(push, turn)).finally(() => packing--);
    return writing;
  }

  async function writeNow(push: boolean, turn: number): Promise<void> {
    const { page } = store.getState();
    let fragment: string;
    try {
      fragment = await fragmentOf(store.getState());
    } catch {
      return; // Too long for a link: `Share` says so when it is asked for.
    }
    // The reader may have gone to another page meanwhile, or back.
    if (fragment === written || turn !== turns || page !== store.getState().page) return;
    written = fragment;
    writtenAt = Date.now();
    if (page === 'run') ofRun = fragment;
    if (push) bar.push(fragment);
    else bar.replace(fragment);
  }

  async function read(): Promise<void> {
    const fragment = inBar();
    if (fragment === written && fragment !== '' && !reading) return;
    const turn = ++turns;
    reading = true;
    const other = pageOfLink(fragment);
    if (other === 'experiments') {
      store.getState().showExperiments(fragment);
    } else if (other === 'mechanisms') {
      store.getState().showMechanisms(fragment);
    } else if (fragment === ofRun && fragment !== '') {
      // The same run: it is still there.
      store.getState().showRun();
      // What changed while it was out of sight.
      writeSoon();
    } else if (fragment === '') {
      store.getState().load(DEFAULT_EXPERIMENT);
    } else {
      const [link, titles] = await Promise.all([decodeLink(fragment), galleryTitles()]);
      if (turn !== turns) return;
      if (link.ok) {
        store.getState().notify(
          link.otherModel
            ? {
                tone: 'info',
                text: 'This link was made with another version of the model: times are kept, what happens at them may differ.',
              }
            : null,
        );
        store.getState().applyLink(link.state, titles);
      } else {
        const text = `${link.message[0]?.toUpperCase()}${link.message.slice(1)}. Showing the default scenario instead.`;
        store.getState().load(DEFAULT_EXPERIMENT);
        store.getState().notify({ tone: 'error', text });
      }
    }
    written = fragment;
    if (store.getState().page === 'run') ofRun = fragment;
    reading = false;
  }

  function stopWaiting(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function writeSoon(): void {
    stopWaiting();
    timer = setTimeout(() => void write(false), WRITE_AFTER_MS);
  }

  store.subscribe((now, before) => {
    if (reading) return;
    if (now.experiment !== before.experiment || now.page !== before.page) {
      void write(before.run > 0 || before.page !== 'run');
    } else if (CHOSEN.some((part) => now[part] !== before[part])) {
      if (Date.now() - writtenAt < WRITE_AFTER_MS) writeSoon();
      else void write(false);
    } else if (
      now.experimentsLink !== before.experimentsLink ||
      now.mechanismsLink !== before.mechanismsLink ||
      (now.moment !== before.moment && !now.playing) ||
      DRAGGED.some((part) => now[part] !== before[part])
    ) {
      writeSoon();
    }
  });
  bar.onChange(read);
  return {
    start: read,
    flush: () => write(false),
    busy: () => reading || packing > 0 || inBar() !== written,
    waiting: () => timer !== undefined,
  };
}

/** The document of what is run, choices included, for the command line; null where its text cannot be read. */
export async function documentOf({ experiment }: Pick<AppState, 'experiment'>): Promise<DocumentFile | null> {
  // The parser is not needed before.
  const { documentFile } = await import('../scenario/document.ts');
  return documentFile(experiment);
}

/** Longest fragment that is made, in characters. */
export { MAX_LINK };
