import { playheadNs, selectedThread } from '../../store/index.ts';
import type { PyramidView } from '../../trace/index.ts';
import { useApp } from '../app-store.ts';
import { edgesOf } from '../layout/edges.ts';
import { partOf } from '../layout/focus.ts';
import { barOf, barTop, rowOf } from '../layout/rows.ts';
import { duration } from '../text/time.ts';
import type { Middle, Overlay, OverlayWake } from './draw-overlay.ts';
import { GUTTER, HEAD, placeOf, RIGHT } from './geometry.ts';
import type { Layout } from './use-layout.ts';

/** Wake-ups closer than this are one arrow, px; and how many arrows there may be. */
const WAKE_GAP = 10;
const MOST_WAKES = 300;

/** What lies over the lanes, but for the pointer. */
export function useOverlay(layout: Layout, width: number, scroll: number): Omit<Overlay, 'hover'> {
  const info = useApp((s) => s.info);
  const pyramid = useApp((s) => s.pyramid);
  const moment = useApp((s) => s.moment);
  const ended = useApp((s) => s.phase === 'ended');
  const playhead = useApp(playheadNs);
  const selected = useApp(selectedThread);
  const edges = useApp((s) => s.edges);
  const measured = useApp((s) => s.measured);
  const { range, extent, lanes, groups, focus, locksTop } = layout;

  const middle = (thread: number): Middle => {
    const row = rowOf(lanes, groups, thread);
    if (row === undefined) return { y: HEAD, out: -1 };
    const y = HEAD + barTop(row) + barOf(row.height) / 2 - scroll;
    if (y < HEAD) return { y: HEAD, out: -1 };
    return y > locksTop ? { y: locksTop, out: 1 } : { y, out: 0 };
  };
  const wakesOf = (
    view: PyramidView,
    thread: number,
    from: number,
    to: number,
    gap: number,
  ): OverlayWake[] => {
    const woken = middle(thread);
    if (woken.out !== 0) return [];
    return view.wakes(thread, from, to, gap).flatMap(({ t, by }) => {
      const meant = focus === null || (partOf(focus, thread) === 'waiter' && partOf(focus, by) !== 'none');
      const known = by < (info?.meta.threads.length ?? 0) && by !== thread;
      const waker = known && meant ? middle(by) : null;
      if (waker === null || waker.out !== 0 || waker.y === woken.y) return [];
      return { x: placeOf(t, width, range), from: waker.y, to: woken.y };
    });
  };
  const wakes = (): OverlayWake[] => {
    if (pyramid === null || edges === 'none' || info === null) return [];
    if (edges === 'all') {
      const gap = ((range.to - range.from) / Math.max(1, width - GUTTER - RIGHT)) * WAKE_GAP;
      return lanes.rows
        .flatMap((row) =>
          row.thread < 0 ? [] : wakesOf(pyramid, row.thread, Math.max(0, range.from), range.to, gap),
        )
        .slice(0, MOST_WAKES);
    }
    // The one that ends the wait at the playhead.
    const wait = moment?.threads?.find(({ thread }) => thread === selected)?.waitsFor;
    if (wait === undefined) return [];
    return wakesOf(pyramid, selected, wait.sinceNs, Infinity, Infinity).filter(
      ({ x }) => x >= GUTTER && x <= width,
    );
  };
  const measuredText = (): string => {
    if (measured === null) return '';
    const length = measured.to - measured.from;
    const waited = selected < 0 ? 0 : (pyramid?.waitedNs(selected, measured.from, measured.to) ?? 0);
    const who = info?.meta.threads[selected]?.name ?? '';
    return waited === 0 ? duration(length) : `${duration(length)} · ${who} waits ${duration(waited)}`;
  };
  const end = pyramid === null ? 0 : placeOf(pyramid.endNs, width, range);
  return {
    playhead: placeOf(playhead, width, range),
    overview: placeOf(playhead, width, { from: 0, to: extent }),
    end: ended || end < width ? end : null,
    bottom: layout.areasTop + layout.areasRoom,
    edges: edgesOf(moment, edges, selected, focus).map(({ from, to, hop }) => ({
      from: middle(from),
      to: middle(to),
      hop,
    })),
    wakes: wakes(),
    measured:
      measured === null
        ? null
        : {
            from: placeOf(measured.from, width, range),
            to: placeOf(measured.to, width, range),
            label: measuredText(),
          },
  };
}
