import { type PointerEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Moment, TraceMeta } from '../../event/index.ts';
import { axisNs, playheadNs, selectedThread } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { barTop, laneAt, laneRows, scrollTo } from '../layout/rows.ts';
import { clock, roundDuration } from '../text/time.ts';
import { Canvas, type Draw } from './canvas.tsx';
import { drawGrid, drawHead } from './draw-head.ts';
import { drawLocks, drawThreads } from './draw-lanes.ts';
import { drawOverlay, type Middle } from './draw-overlay.ts';
import {
  GUTTER,
  HEAD,
  LANES_GAP,
  LOCK_GAP,
  lockRows,
  placeOf,
  RIGHT,
  shareHeight,
  timeAt,
} from './geometry.ts';
import { useGestures } from './gestures.ts';
import { hoverText, type Target } from './hover.ts';
import { LaneNames } from './lane-names.tsx';
import { LockLanes } from './lock-lanes.tsx';
import { useSize } from './use-size.ts';

function statesOf(moment: Moment | null, meta: TraceMeta): number[] {
  const states = meta.threads.map(() => -1);
  for (const { thread, state } of moment?.threads ?? []) states[thread] = state;
  return states;
}

/** How far from a mark the pointer may be, px. */
const MARK_SLACK = 4.5;

interface Pointer {
  readonly x: number;
  readonly y: number;
}

/** Overview, axis, thread lanes and lock lanes over one span of time, with the playhead through all of them. */
export function Timeline(): ReactNode {
  const info = useApp((s) => s.info);
  const pyramid = useApp((s) => s.pyramid);
  const revision = useApp((s) => s.revision);
  const moment = useApp((s) => s.moment);
  const ended = useApp((s) => s.phase === 'ended');
  const playhead = useApp(playheadNs);
  const selected = useApp(selectedThread);
  const extent = useApp(axisNs);
  const zoomed = useApp((s) => s.range);
  const range = useMemo(
    () => (zoomed === null || zoomed.from >= extent ? { from: 0, to: extent } : zoomed),
    [zoomed, extent],
  );

  const root = useRef<HTMLElement>(null);
  const lanes = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(root);
  const [scroll, setScroll] = useState(0);
  const [locksScroll, setLocksScroll] = useState(0);
  const [pointer, setPointer] = useState<Pointer | null>(null);

  const locks = useMemo(() => (pyramid === null ? { rows: [], total: 0 } : lockRows(pyramid)), [pyramid]);
  const share = shareHeight(height, info?.meta.threads.length ?? 0, locks.total);
  const rows = laneRows(info?.meta.threads.length ?? 0, share.threads);
  const { pitch, bar, count } = rows;
  const room = Math.min(share.threads, rows.total + LANES_GAP);
  const locksTop = HEAD + room;

  useEffect(() => {
    const element = lanes.current;
    if (element === null || selected < 0) return;
    element.scrollTop = scrollTo(
      { count, pitch, bar, total: count * pitch },
      selected,
      element.scrollTop,
      room,
    );
  }, [selected, count, pitch, bar, room]);

  const head: Draw = useCallback(
    (surface, w, _h, ratio) => {
      // The pyramid is one object that grows: its revision says that there is more to draw.
      void revision;
      drawHead(surface, w, ratio, pyramid, range, extent);
    },
    [pyramid, revision, range, extent],
  );
  const threads: Draw = useCallback(
    (surface, w, h, ratio) => {
      void revision;
      const table = { count, pitch, bar, total: count * pitch };
      if (pyramid === null) return;
      drawGrid(surface, w, h, range, extent);
      drawThreads(surface, w, h, ratio, pyramid, range, table, scroll, selected);
    },
    [pyramid, revision, range, extent, count, pitch, bar, scroll, selected],
  );
  const lockLanes: Draw = useCallback(
    (surface, w, h, ratio) => {
      void revision;
      if (pyramid === null) return;
      drawGrid(surface, w, h, range, extent);
      drawLocks(surface, w, h, ratio, pyramid, range, locks.rows, locksScroll);
    },
    [pyramid, revision, range, extent, locks, locksScroll],
  );

  const middle = (lane: number): Middle => {
    const y = HEAD + barTop(rows, lane) + bar / 2 - scroll;
    if (y < HEAD) return { y: HEAD, out: -1 };
    return y > locksTop ? { y: locksTop, out: 1 } : { y, out: 0 };
  };
  const waitsFor = moment?.threads?.find(({ thread }) => thread === selected)?.waitsFor;
  const waiter = waitsFor === undefined || selected < 0 ? null : middle(selected);
  const owners = moment?.locks?.find(({ lock }) => lock === waitsFor?.lock)?.owners ?? [];
  const end = pyramid === null ? 0 : placeOf(pyramid.endNs, width, range);
  const overlay: Draw = (surface, w) => {
    drawOverlay(
      surface,
      w,
      {
        playhead: placeOf(playhead, w, range),
        overview: placeOf(playhead, w, { from: 0, to: extent }),
        hover: pointer !== null && pointer.x >= GUTTER && pointer.y >= HEAD ? pointer.x : null,
        end: ended || end < w ? end : null,
        bottom: locksTop + share.locks,
        waiter: waiter === null || waiter.out !== 0 ? null : waiter.y,
        holders: owners.slice(0, 4).map(middle),
      },
      HEAD,
    );
  };

  const pickLane = (y: number): void => {
    if (y >= locksTop) return;
    const name = info?.meta.threads[laneAt(rows, y - HEAD + scroll)]?.name;
    if (name !== undefined) app().select(name);
  };
  const gestures = useGestures(root, pickLane);

  const targetAt = (y: number): Target | null => {
    if (y < HEAD) return null;
    if (y < locksTop) {
      const lane = laneAt(rows, y - HEAD + scroll);
      return lane < 0 ? null : { kind: 'thread', lane };
    }
    if (y >= locksTop + share.locks) return null;
    const at = y - locksTop + locksScroll;
    // The gap above a lock is where its steals are marked.
    const row = locks.rows.find(({ top, height: h }) => at >= top - LOCK_GAP && at < top + h);
    return row === undefined ? null : { kind: 'lock', lane: row.lane };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    setPointer({ x: event.clientX - box.left, y: event.clientY - box.top });
    gestures.onPointerMove(event);
  };

  const target = pointer === null || pointer.x < GUTTER ? null : targetAt(pointer.y);
  const pointed = pointer === null ? 0 : timeAt(pointer.x, width, range);
  const perPixel = (range.to - range.from) / Math.max(1, width - GUTTER - RIGHT);
  const hover =
    target === null || pyramid === null || info === null
      ? null
      : hoverText(target, pointed, MARK_SLACK * perPixel, pyramid, info.meta);

  return (
    <section
      className="timeline"
      aria-label="Timeline"
      ref={root}
      onPointerDown={gestures.onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={gestures.onPointerUp}
      onPointerLeave={() => setPointer(null)}
    >
      <div className="timeline-head">
        <Canvas className="fill" draw={head} />
        <span className="extent">{roundDuration(extent)} in all</span>
      </div>
      <div
        className="lanes"
        ref={lanes}
        style={{ height: room }}
        onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
      >
        <div className="lanes-all" style={{ height: rows.total }}>
          <div className="lanes-stick" style={{ height: room }}>
            <Canvas className="fill" draw={threads} />
          </div>
          {info !== null && (
            <LaneNames
              threads={info.meta.threads}
              states={statesOf(moment, info.meta)}
              pitch={pitch}
              selected={selected}
            />
          )}
        </div>
      </div>
      <LockLanes
        rows={locks.rows}
        total={locks.total}
        room={share.locks}
        draw={lockLanes}
        onScroll={setLocksScroll}
        wanted={waitsFor === undefined || pyramid === null ? -1 : pyramid.lockLane(waitsFor.lock)}
        view={pyramid}
        meta={info?.meta ?? null}
      />
      <Canvas className="overlay" draw={overlay} />
      {hover !== null && pointer !== null && (
        <div
          className="tooltip"
          style={{
            left: Math.min(pointer.x + 14, width - 300),
            // Lanes of locks are low and stand close: what is pointed at must not be covered.
            ...(target?.kind === 'lock' || pointer.y + 60 > height
              ? { bottom: height - Math.min(pointer.y - 12, locksTop - 2) }
              : { top: pointer.y + 16 }),
          }}
        >
          <b>{hover.title}</b> <span className="dim">{clock(pointed, extent)}</span>
          <br />
          {hover.text}
          {hover.marked.map((text, i) => (
            <div key={text} className={i === 0 ? 'marked' : 'dim'}>
              {text}
            </div>
          ))}
        </div>
      )}
    </section>
  );
}
