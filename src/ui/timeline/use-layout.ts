import { useDeferredValue, useMemo, useRef } from 'react';
import { MANY, type ObjectId } from '../../event/index.ts';
import { axisNs, type Range, selectedThread, type ThreadGroup, threadGroups } from '../../store/index.ts';
import type { WaitedLocks } from '../../trace/index.ts';
import { useApp } from '../app-store.ts';
import { type AreaBand, areaBands } from '../layout/bands.ts';
import { type Focus, focusOf } from '../layout/focus.ts';
import { lockOrder, NO_LOCKS, VMAS } from '../layout/lock-order.ts';
import { type LaneRow, type LaneRows, laneRows, readableHeight, rowOf } from '../layout/rows.ts';
import { AreaNames } from '../text/area-names.ts';
import { areasHeight, HEAD, LANES_GAP, type LockRow, lockRows, shareHeight } from './geometry.ts';
import { FINDER, QUIET_KEY, VMAS_KEY } from './lock-lanes.tsx';

/** Locks of a class that its open group shows. */
const MOST_SINGLE = 32;
const NO_LANES: readonly number[] = [];
/** Lanes of the address space. */
const MOST_BANDS = 3;

export interface Quiet {
  readonly locks: readonly ObjectId[];
  readonly open: boolean;
}

export interface Layout {
  readonly range: Range;
  readonly extent: number;
  readonly groups: readonly ThreadGroup[];
  readonly lanes: LaneRows;
  readonly selected: LaneRow | undefined;
  readonly focus: Focus | null;
  /** The locks that nobody waited for, and whether their row is open. */
  readonly quiet: Quiet;
  readonly vmasOpen: boolean;
  /** By class in `MANY`. */
  readonly waited: readonly WaitedLocks[];
  /** Names of areas by number of the VMA, kept when that is gone. */
  readonly vmaNames: ReadonlyMap<number, string>;
  readonly locks: { readonly rows: readonly LockRow[]; readonly total: number };
  readonly bands: readonly AreaBand[];
  readonly bandNames: readonly string[];
  /** Heights that are given to threads, locks and address space. */
  readonly room: number;
  readonly locksRoom: number;
  readonly areasRoom: number;
  /** Where locks and address space begin. */
  readonly locksTop: number;
  readonly areasTop: number;
}

/** A value as it was, as long as a new one says the same: what follows from it need not be made anew. */
function useSame<T>(value: T): T {
  const kept = useRef(value);
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}

/** What stands where in the time view, `height` px high. */
export function useLayout(height: number): Layout {
  const info = useApp((s) => s.info);
  const pyramid = useApp((s) => s.pyramid);
  const revision = useApp((s) => s.revision);
  const moment = useApp((s) => s.moment);
  const thread = useApp(selectedThread);
  const extent = useApp(axisNs);
  const zoomed = useApp((s) => s.range);
  const folds = useApp((s) => s.folds);
  const open = useApp((s) => s.tablesOpen);
  const asked = useApp((s) => s.table);
  const range = useMemo(
    () => (zoomed === null || zoomed.from >= extent ? { from: 0, to: extent } : zoomed),
    [zoomed, extent],
  );
  // Which instances are shown may lag behind the wheel; where none are, nothing need follow it.
  const vmasOpen = folds[VMAS_KEY] === false;
  const settled = useDeferredValue(open || vmasOpen ? range : null);
  const tables = useMemo(() => {
    void revision;
    if (settled === null || pyramid === null || !open) return NO_LANES;
    const list = pyramid.contended(0, settled.from, settled.to, MOST_SINGLE);
    const wanted = asked === null ? -1 : pyramid.singleLane(asked);
    return wanted < 0 ? list : [wanted, ...list.filter((lane) => lane !== wanted)].slice(0, MOST_SINGLE);
  }, [pyramid, revision, settled, open, asked]);
  const vmas = useMemo(() => {
    void revision;
    if (settled === null || pyramid === null || !vmasOpen) return NO_LANES;
    return pyramid.contended(VMAS, settled.from, settled.to, MOST_SINGLE);
  }, [pyramid, revision, settled, vmasOpen]);
  const order = useSame(
    useMemo(() => {
      void revision;
      return pyramid === null ? NO_LOCKS : lockOrder(pyramid);
    }, [pyramid, revision]),
  );
  const quietOpen = folds[QUIET_KEY] === false;
  const quiet = useMemo(
    () => ({ locks: order.quiet.map((lane) => pyramid?.locks[lane] ?? 0), open: quietOpen }),
    [pyramid, order, quietOpen],
  );
  const locks = useMemo(() => {
    if (pyramid === null) return { rows: [], total: 0 };
    const { rows, total } = lockRows(pyramid, tables, order, quietOpen, vmas);
    return { rows, total: open ? total + FINDER : total };
  }, [pyramid, tables, order, quietOpen, open, vmas]);

  const waited = useMemo(() => {
    void revision;
    return pyramid === null ? [] : MANY.map((_, many) => pyramid.waitedLocks(many));
  }, [pyramid, revision]);

  const names = useMemo(() => {
    // Those of another run say nothing about this one.
    void pyramid;
    return new AreaNames();
  }, [pyramid]);
  names.remember(moment);
  const mm = info?.meta.threads[thread]?.mm ?? 0;
  const bands = useMemo(() => {
    void revision;
    return pyramid === null ? [] : areaBands(pyramid.areas, mm, MOST_BANDS);
  }, [pyramid, revision, mm]);
  const bandNames = bands.map((band) => names.ofBand(band));

  const filter = useApp((s) => s.blameFilter);
  const waits = useApp((s) => s.blameWaits);
  const focus = useMemo(() => focusOf(filter, waits), [filter, waits]);
  const groups = useMemo(() => (info === null ? [] : threadGroups(info.meta)), [info]);
  const areasRoom = areasHeight(bands.length);
  const share = shareHeight(height - areasRoom, readableHeight(groups), locks.total);
  const lanes = useMemo(
    () => laneRows(groups, share.threads - LANES_GAP, folds, thread),
    [groups, share.threads, folds, thread],
  );
  const selected = useMemo(() => rowOf(lanes, groups, thread), [lanes, groups, thread]);
  const room = Math.min(share.threads, lanes.total + LANES_GAP);
  const locksTop = HEAD + room;
  return {
    range,
    extent,
    groups,
    lanes,
    selected,
    focus,
    quiet,
    vmasOpen,
    waited,
    vmaNames: names.vmas,
    locks,
    bands,
    bandNames,
    room,
    locksRoom: share.locks,
    areasRoom,
    locksTop,
    areasTop: locksTop + share.locks,
  };
}
