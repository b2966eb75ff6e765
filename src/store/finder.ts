import { Class, classOf, type ObjectId } from '../event/index.ts';
import type { Condition } from '../worker/protocol.ts';
import type { Target } from './find.ts';
import type { GetState, SetState } from './state.ts';

export interface FinderSlice {
  readonly findOpen: boolean;
  /** Lock that the reader chose; null: the page's own choice. */
  readonly selectedLock: ObjectId | null;
  setFind(open: boolean): void;
  selectLock(lock: ObjectId | null): void;
  /** Selects a thread or a lock, or shows a line. */
  goTo(target: Target): void;
  /** Follows the run to where a target matters: a thread blocks, a lock is contended, a line is reached. */
  followTo(target: Target): void;
}

/** What a run is followed to for something that was found; null for a thread that this run does not have. */
function conditionOf(target: Target, threads: readonly { readonly name: string }[]): Condition | null {
  switch (target.kind) {
    case 'thread': {
      const thread = threads.findIndex(({ name }) => name === target.name);
      return thread < 0 ? null : { on: 'blocks', thread };
    }
    case 'lock':
      return { on: 'contended', lock: target.lock };
    default:
      return { on: 'line', file: target.file, line: target.line };
  }
}

export function finderSlice(set: SetState, get: GetState): FinderSlice {
  return {
    findOpen: false,
    selectedLock: null,
    setFind: (findOpen) => set({ findOpen }),
    selectLock: (selectedLock) => {
      set({ selectedLock });
      if (selectedLock !== null && classOf(selectedLock) === Class.TABLE) get().showTable(selectedLock);
    },
    goTo: (target) => {
      if (target.kind === 'thread') get().select(target.name);
      else if (target.kind === 'lock') get().selectLock(target.lock);
      else get().showLine(target.file, target.line);
    },
    followTo: (target) => {
      const { info, goTo, runUntil } = get();
      const condition = info === null ? null : conditionOf(target, info.meta.threads);
      if (condition === null) return;
      goTo(target);
      runUntil(condition);
    },
  };
}
