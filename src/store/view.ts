import type { Outside } from './create.ts';
import { selectedName, threadGroups } from './derive.ts';
import type { Panes } from './panes.ts';
import type { GetState, SetState, ViewSlice } from './state.ts';

/** What outlives the page. */
type Kept = Pick<Outside, 'theme' | 'keepTheme' | 'prompts' | 'keepPrompts' | 'panes' | 'keepPanes'>;

export function viewSlice(
  set: SetState,
  get: GetState,
  { theme, keepTheme, prompts, keepPrompts, panes, keepPanes }: Kept,
): ViewSlice {
  const draw = (part: Partial<Panes>): void => {
    set(part);
    const { columns, drawerHeight } = get();
    keepPanes({ columns, drawerHeight });
  };
  return {
    ...panes,
    range: null,
    zoomed: false,
    selected: null,
    frame: null,
    namedFrame: null,
    named: null,
    line: null,
    prompts,
    theme,
    helpOpen: false,
    notice: null,
    setRange: (range) => {
      get().remember();
      set({ range, zoomed: true });
    },
    select: (selected) => set({ selected, frame: null, namedFrame: null, line: null }),
    selectNeighbour: (by) => {
      const { info } = get();
      if (info === null) return;
      // In the order of the lanes.
      const threads = threadGroups(info.meta).flatMap((group) => group.threads);
      const at = threads.findIndex((thread) => info.meta.threads[thread]?.name === selectedName(get()));
      const next = info.meta.threads[threads[Math.min(threads.length - 1, Math.max(0, at + by))] ?? -1];
      if (next !== undefined) get().select(next.name);
    },
    showFrame: (frame) => set({ frame, line: null }),
    showLine: (file, line) => set({ line: { file, line } }),
    setPrompts: (on) => {
      keepPrompts(on);
      set({ prompts: on });
    },
    setTheme: (next) => {
      keepTheme(next);
      set({ theme: next });
    },
    setColumns: (columns) => draw({ columns }),
    setDrawerHeight: (drawerHeight) => draw({ drawerHeight }),
    setHelp: (helpOpen) => set({ helpOpen }),
    notify: (notice) => set({ notice }),
  };
}
