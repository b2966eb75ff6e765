import { decodeLink, encodeLink, type LinkState, MAX_LINK } from '../scenario/link.ts';
import type { AppStore } from './create.ts';
import { DEFAULT_EXPERIMENT } from './experiment.ts';
import type { AppState } from './state.ts';

/** The address bar, and whatever stands in for it in tests. */
export interface AddressBar {
  /** The fragment, with or without '#'. */
  read(): string;
  push(fragment: string): void;
  replace(fragment: string): void;
  /** The reader went back, forward, or typed another fragment. */
  onChange(listener: () => void): void;
}

/** How long playhead and zoom rest before they are written, ms: browsers refuse more than a few writes a second. */
export const WRITE_AFTER_MS = 300;

type Linked = Pick<
  AppState,
  'experiment' | 'moment' | 'ordinal' | 'range' | 'selected' | 'destination' | 'touched'
>;

/** What a link to the present state carries. */
export function linkOf(state: Linked): LinkState {
  const { experiment, moment, ordinal, range, selected, destination, touched } = state;
  const at = destination ?? (touched && moment !== null ? { t: moment.t, ordinal } : null);
  return {
    scenario: experiment.scenario,
    ...(experiment.text === undefined ? {} : { text: experiment.text }),
    set: { ...experiment.set },
    ...(at === null ? {} : { at: { t: at.t, ordinal: at.ordinal } }),
    ...(range === null ? {} : { view: { from: range.from, to: range.to } }),
    ...(selected === null ? {} : { thread: selected }),
  };
}

/** The fragment of the present state; throws a RangeError when it would be too long. */
export function fragmentOf(state: Linked): Promise<string> {
  return encodeLink(linkOf(state));
}

export interface Address {
  /** Loads what the address bar says, or the default scenario where it says nothing or nonsense. */
  start(): Promise<void>;
  /** Writes now what waits to be written. */
  flush(): Promise<void>;
}

/** Keeps address bar and store together: choices push an entry of the history, playhead and zoom replace it. */
export function bindAddress(store: AppStore, bar: AddressBar): Address {
  let written = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading = false;

  async function write(push: boolean): Promise<void> {
    clearTimeout(timer);
    let fragment: string;
    try {
      fragment = await fragmentOf(store.getState());
    } catch {
      return; // Too long for a link: `Share` says so when it is asked for.
    }
    if (fragment === written) return;
    written = fragment;
    if (push) bar.push(fragment);
    else bar.replace(fragment);
  }

  async function read(): Promise<void> {
    const fragment = bar.read().replace(/^#/, '');
    if (fragment === written && fragment !== '') return;
    reading = true;
    if (fragment === '') {
      store.getState().load(DEFAULT_EXPERIMENT);
    } else {
      const link = await decodeLink(fragment);
      if (link.ok) {
        store.getState().notify(
          link.otherModel
            ? {
                tone: 'info',
                text: 'This link was made with another version of the model: times are kept, what happens at them may differ.',
              }
            : null,
        );
        store.getState().applyLink(link.state);
      } else {
        const text = `${link.message[0]?.toUpperCase()}${link.message.slice(1)}. Showing the default scenario instead.`;
        store.getState().load(DEFAULT_EXPERIMENT);
        store.getState().notify({ tone: 'error', text });
      }
    }
    written = fragment;
    reading = false;
  }

  store.subscribe((now, before) => {
    if (reading) return;
    if (now.experiment !== before.experiment) {
      void write(before.run > 0);
    } else if (
      (now.moment !== before.moment && !now.playing) ||
      now.range !== before.range ||
      now.selected !== before.selected
    ) {
      clearTimeout(timer);
      timer = setTimeout(() => void write(false), WRITE_AFTER_MS);
    }
  });
  bar.onChange(() => void read());
  return { start: read, flush: () => write(false) };
}

/** Longest fragment that is made, in characters. */
export { MAX_LINK };
