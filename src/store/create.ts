import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Request, Response } from '../worker/protocol.ts';
import { experimentSlice } from './experiment.ts';
import { finderSlice } from './finder.ts';
import { lookUp, lookUpFrame } from './names.ts';
import { pagesSlice } from './pages.ts';
import type { Panes } from './panes.ts';
import { playhead } from './playhead.ts';
import { runSlice } from './run.ts';
import type { AppState, Theme } from './state.ts';
import { timelineSlice } from './timeline.ts';
import { viewSlice } from './view.ts';
import { whySlice } from './why.ts';

/** The worker as the store sees it. */
export interface Client {
  send(request: Request): void;
}

/** What the store needs of the world outside; tests bring their own. */
export interface Outside {
  connect(onResponse: (response: Response) => void): Client;
  readonly theme: Theme;
  keepTheme(theme: Theme): void;
  /** Whether the text's questions are asked, as the reader last had it. */
  readonly prompts: boolean;
  keepPrompts(on: boolean): void;
  /** How the panes were last drawn. */
  readonly panes: Panes;
  keepPanes(panes: Panes): void;
}

export type AppStore = StoreApi<AppState>;

/** The one store of the page. Nothing runs before `load`, `chooseScenario` or `applyLink`. */
export function createAppStore(outside: Outside): AppStore {
  const store = createStore<AppState>()((set, get) => {
    let client: Client | null = null;
    const send = (request: Request): void => {
      client ??= outside.connect((response) => {
        get().receive(response);
        why.tookWhy(response);
        if (response.type === 'ready') lookUp(set, get);
        lookUpFrame(set, get);
      });
      client.send(request);
    };
    const { slice, took, tookRecords } = playhead(set, get, send);
    const why = whySlice(set, get, send);
    return {
      ...experimentSlice(set, get, send),
      ...runSlice(set, get, send, took, tookRecords),
      ...slice,
      ...viewSlice(set, get, outside),
      ...timelineSlice(set, get),
      ...why.slice,
      ...finderSlice(set, get),
      ...pagesSlice(set, get),
    };
  });
  return store;
}
