import { selectedName } from './derive.ts';
import type { GetState, SetState, Theme, ViewSlice } from './state.ts';

export function viewSlice(
  set: SetState,
  get: GetState,
  theme: Theme,
  keepTheme: (theme: Theme) => void,
): ViewSlice {
  return {
    range: null,
    selected: null,
    frame: null,
    theme,
    helpOpen: false,
    notice: null,
    setRange: (range) => set({ range }),
    select: (selected) => set({ selected, frame: null }),
    selectNeighbour: (by) => {
      const threads = get().info?.meta.threads ?? [];
      const at = threads.findIndex(({ name }) => name === selectedName(get()));
      const next = threads[Math.min(threads.length - 1, Math.max(0, at + by))];
      if (next !== undefined) get().select(next.name);
    },
    showFrame: (frame) => set({ frame }),
    setTheme: (next) => {
      keepTheme(next);
      set({ theme: next });
    },
    setHelp: (helpOpen) => set({ helpOpen }),
    notify: (notice) => set({ notice }),
  };
}
