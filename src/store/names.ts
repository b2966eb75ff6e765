import {
  Class,
  MM_LOCK_NAMES,
  NO_THREAD,
  type ObjectId,
  objectId,
  objectName,
  PAGE_BYTES,
  TABLE_PAGES,
  type ThreadIdx,
  type TraceMeta,
} from '../event/index.ts';
import type { LinkState } from '../scenario/link.ts';
import { selectedMoment } from './derive.ts';
import type { AppState, GetState, SetState } from './state.ts';

/** The parts of a link that name what only a run knows: they wait for it. */
export type LinkNames = Pick<LinkState, 'lock' | 'table' | 'blame'>;

/** Numbers that an mm has for its tables, and for its VMAs; see `Class.TABLE`. */
const TABLES = 2 ** 20;

/** The lock of a name as links spell it, null where this run has none. */
export function lockNamed(name: string, meta: TraceMeta): ObjectId | null {
  const [, digits, owner] = /^ptl:0x([0-9a-f]{1,12})(?:\/(.*))?$/.exec(name) ?? [];
  if (digits !== undefined) {
    const table = Math.floor(Number.parseInt(digits, 16) / (TABLE_PAGES * PAGE_BYTES));
    const mm = owner === undefined ? 0 : meta.mms.indexOf(owner);
    return mm < 0 || table >= TABLES ? null : objectId(Class.TABLE, mm * TABLES + table);
  }
  const [, vma, of] = /^vm_lock:(\d{1,6})(?:\/(.*))?$/.exec(name) ?? [];
  if (vma !== undefined) {
    const mm = of === undefined ? 0 : meta.mms.indexOf(of);
    return mm < 0 || Number(vma) >= TABLES ? null : objectId(Class.VMA_LOCK, mm * TABLES + Number(vma));
  }
  const ids = [
    ...meta.mms.map((_, mm) => objectId(Class.MMAP_LOCK, mm)),
    ...meta.locks.map((_, i) => objectId(Class.LOCK, i)),
    ...meta.mms.flatMap((_, mm) => MM_LOCK_NAMES.map((_, i) => objectId(Class.MM_LOCK, (mm << 8) | i))),
  ];
  return ids.find((id) => objectName(id, meta) === name) ?? null;
}

function threadNamed(name: string | undefined, meta: TraceMeta): ThreadIdx | null {
  const at = meta.threads.findIndex((thread) => thread.name === name);
  return at < 0 ? null : at;
}

/** Function of the frame that the reader chose. */
export function frameName(state: AppState): string | null {
  const { frame, namedFrame } = state;
  return frame === null ? namedFrame : (selectedMoment(state)?.stack?.[frame]?.fn ?? null);
}

type Blame = NonNullable<LinkState['blame']>;

function blameNames({ blameWhole, blameLock, blameFilter }: AppState, meta: TraceMeta): Blame | undefined {
  const filter = (): Blame['filter'] => {
    if (blameFilter === null) return undefined;
    const { waiter, holder, lock } = blameFilter;
    const names = { waiter: meta.threads[waiter ?? -1]?.name, holder: meta.threads[holder ?? -1]?.name };
    return {
      ...(names.waiter === undefined ? {} : { waiter: names.waiter }),
      ...(names.holder === undefined ? {} : { holder: names.holder }),
      ...(holder === NO_THREAD ? { nobody: true } : {}),
      ...(lock === null ? {} : { lock: objectName(lock, meta) }),
    };
  };
  if (!blameWhole && blameLock === null && blameFilter === null) return undefined;
  return {
    ...(blameWhole ? { whole: true } : {}),
    ...(blameLock === null ? {} : { lock: objectName(blameLock, meta) }),
    ...(blameFilter === null ? {} : { filter: filter() }),
  };
}

/** What is selected, asked for and filtered, by name; what a link says of it as long as no run is there. */
export function namesOf(state: AppState): LinkNames {
  const meta = state.info?.meta;
  if (meta === undefined || state.named !== null) return state.named ?? {};
  const { selectedLock, table } = state;
  const blame = blameNames(state, meta);
  return {
    ...(selectedLock === null ? {} : { lock: objectName(selectedLock, meta) }),
    ...(table === null ? {} : { table: objectName(table, meta) }),
    ...(blame === undefined ? {} : { blame }),
  };
}

/** A run is there: what a link names is looked up in it. What this run does not have is left out. */
export function lookUp(set: SetState, get: GetState): void {
  const { named, info } = get();
  if (named === null || info === null) return;
  const { meta } = info;
  const lockOf = (name: string | undefined): ObjectId | null =>
    name === undefined ? null : lockNamed(name, meta);
  const { lock, table, blame } = named;
  const filter = blame?.filter;
  set({
    named: null,
    selectedLock: lockOf(lock),
    table: lockOf(table),
    blameWhole: blame?.whole === true,
    blameLock: lockOf(blame?.lock),
  });
  if (filter === undefined) return;
  const waiter = threadNamed(filter.waiter, meta);
  const holder = filter.nobody === true ? NO_THREAD : threadNamed(filter.holder, meta);
  const of = lockOf(filter.lock);
  const known = (name: string | undefined, found: number | null): boolean =>
    name === undefined || found !== null;
  // Without one of its parts it would mean other waits.
  if (known(filter.waiter, waiter) && known(filter.holder, holder) && known(filter.lock, of)) {
    get().filterBlame({ waiter, holder, lock: of });
  }
}

/** Once the playhead is where the link or the page puts it, the frame that the link names is looked up there. */
export function lookUpFrame(set: SetState, get: GetState): void {
  const { namedFrame, outstanding, destination, touched, hash, frame } = get();
  if (namedFrame === null || outstanding !== null || destination !== null) return;
  if (!touched && hash === null) return;
  const at = selectedMoment(get())?.stack?.findIndex(({ fn }) => fn === namedFrame) ?? -1;
  set({ namedFrame: null, frame: frame ?? (at < 0 ? null : at) });
}
