import { type PointerEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Moment, TraceMeta } from '../../event/index.ts';
import { lengthNs, selectedThread } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { keepUp } from '../frame.ts';
import { useParts } from '../late.ts';
import { isInSight, type LaneRow, rowAt, scrollTo } from '../layout/rows.ts';
import { readPalette } from '../paint/palette.ts';
import { roundDuration } from '../text/time.ts';
import { tip } from '../tips/tip.ts';
import { AreaLanes } from './area-lanes.tsx';
import { Canvas, type Draw, type DrawPieces } from './canvas.tsx';
import { CornerMenu } from './corner-menu.tsx';
import { drawGrid, drawHead, hiddenTicks, overviewOf } from './draw-head.ts';
import { drawAreas, drawLocks, drawThreads, type ThreadScene } from './draw-lanes.ts';
import { coveredBy, drawOverlay } from './draw-overlay.ts';
import { AREA_PITCH, AREAS_GAP, FILTER_BAR, GUTTER, HEAD, LOCK_GAP, type LockRow } from './geometry.ts';
import { useGestures } from './gestures.ts';
import type { Target } from './hover.ts';
import { LaneNames } from './lane-names.tsx';
import { LockLanes } from './lock-lanes.tsx';
import { useLayout } from './use-layout.ts';
import { useOverlay } from './use-overlay.ts';
import { useSize } from './use-size.ts';

function statesOf(moment: Moment | null, meta: TraceMeta): number[] {
  const states = meta.threads.map(() => -1);
  for (const { thread, state } of moment?.threads ?? []) states[thread] = state;
  return states;
}

/** Rows of a lock alone, neither of several nor of a sequence count. */
const ONE_LOCK = /^(lock|owners|table|vma)$/;

interface Pointer {
  readonly x: number;
  readonly y: number;
}

/** Overview, axis, lanes of threads, locks and address space over one span of time, with the playhead through them. */
export function Timeline(): ReactNode {
  const info = useApp((s) => s.info);
  const pyramid = useApp((s) => s.pyramid);
  const revision = useApp((s) => s.revision);
  const moment = useApp((s) => s.moment);
  const tablesOpen = useApp((s) => s.tablesOpen);
  const selected = useApp(selectedThread);
  const length = useApp(lengthNs);

  const root = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(root);
  const [scroll, setScroll] = useState(0);
  /** The same for effects: to ask the element would lay out the whole page. */
  const scrolled = useRef(0);
  const [locksScroll, setLocksScroll] = useState(0);
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const filtered = useApp((s) => s.blameFilter !== null);
  const parts = useParts(pointer !== null || filtered);
  const layout = useLayout(filtered ? height - FILTER_BAR : height);
  const { range, extent, groups, lanes, locks, bands, focus } = layout;
  const { room, locksTop, locksRoom, areasTop, areasRoom } = layout;

  const states = useMemo(() => (info === null ? [] : statesOf(moment, info.meta)), [moment, info]);

  const row = layout.selected;
  const shown = useRef<{ readonly thread: number; readonly row: LaneRow; readonly room: number } | null>(
    null,
  );
  useEffect(() => {
    if (list.current === null || row === undefined) return;
    const before = shown.current;
    shown.current = { thread: selected, row, room };
    // Who has scrolled away from it means to: only a thread that is newly selected, or was in sight, is kept there.
    const away = before !== null && !isInSight(before.row, scrolled.current, before.room);
    if (before?.thread === selected && away) return;
    const to = scrollTo(row, scrolled.current, room);
    // To set it to what it is would lay out the whole page all the same.
    if (to === scrolled.current) return;
    scrolled.current = to;
    list.current.scrollTop = to;
  }, [row, room, selected]);

  // Names are elements, which move at once: the lanes beside them must not come frames later.
  useEffect(() => {
    void [scroll, locksScroll, lanes];
    keepUp();
  }, [scroll, locksScroll, lanes]);

  const scene = useMemo(
    (): ThreadScene | null =>
      pyramid === null || info === null
        ? null
        : { view: pyramid, meta: info.meta, range, lanes, groups, selected: row, focus },
    [pyramid, info, range, lanes, groups, row, focus],
  );
  const whole = useMemo(() => {
    // The pyramid is one object that grows: its revision says that there is more to draw.
    void revision;
    return pyramid === null ? null : overviewOf(pyramid, extent);
  }, [pyramid, revision, extent]);
  const over = useOverlay(layout, width, scroll);
  const hidden = hiddenTicks(range, width, coveredBy(over, width));
  const head: Draw = useCallback(
    (surface, w, _h, ratio) => drawHead(surface, w, ratio, whole, range, extent, hidden),
    [whole, range, extent, hidden],
  );
  const threads: DrawPieces = useCallback(
    function* (surface, w, h, ratio) {
      void revision;
      if (scene === null) return;
      drawGrid(surface, w, h, range);
      yield* drawThreads(surface, w, h, ratio, scene, scroll);
    },
    [scene, revision, range, scroll],
  );
  const lockLanes: DrawPieces = useCallback(
    function* (surface, w, h, ratio) {
      void revision;
      if (pyramid === null) return;
      drawGrid(surface, w, h, range);
      yield* drawLocks(surface, w, h, ratio, pyramid, range, locks.rows, locksScroll, focus);
    },
    [pyramid, revision, range, locks, locksScroll, focus],
  );
  const areas: DrawPieces = useCallback(
    function* (surface, w, h, ratio) {
      void revision;
      if (pyramid === null) return;
      drawGrid(surface, w, h, range);
      yield* drawAreas(surface, w, ratio, pyramid, range, bands);
    },
    [pyramid, revision, range, bands],
  );
  const overlay: Draw = (surface, w) => {
    const hover = pointer !== null && pointer.x >= GUTTER && pointer.y >= HEAD ? pointer.x : null;
    drawOverlay(surface, w, { ...over, hover }, HEAD);
  };

  /** The gap above a lock is where its steals are marked. */
  const lockRowAt = (y: number): LockRow | undefined => {
    const at = y - locksTop + locksScroll;
    return locks.rows.find(({ top, height: h }) => at >= top - LOCK_GAP && at < top + h);
  };
  /** The thread or the lock whose lane it is. */
  const pickLane = (y: number): void => {
    if (y >= areasTop) return;
    if (y >= locksTop) {
      const lane = lockRowAt(y);
      const lock = lane !== undefined && ONE_LOCK.test(lane.name) ? pyramid?.lockOf(lane.lane) : undefined;
      if (lock !== undefined) app().selectLock(lock);
      return;
    }
    const name = info?.meta.threads[rowAt(lanes, y - HEAD + scroll)?.thread ?? -1]?.name;
    if (name !== undefined) app().select(name);
  };
  const gestures = useGestures(root, pickLane);

  const threadTarget = (y: number): Target | null => {
    const at = rowAt(lanes, y - HEAD + scroll);
    if (at === undefined) return null;
    if (at.kind === 'thread') return { kind: 'thread', lane: at.thread };
    const group = groups[at.group];
    return group === undefined ? null : { kind: 'group', name: group.name, threads: group.threads };
  };
  const targetAt = (y: number): Target | null => {
    if (y < HEAD) return null;
    if (y < locksTop) return threadTarget(y);
    if (y >= areasTop) {
      const i = Math.floor((y - areasTop - AREAS_GAP) / AREA_PITCH);
      const band = bands[i];
      return band === undefined ? null : { kind: 'area', band, name: layout.bandNames[i] ?? '' };
    }
    const lock = lockRowAt(y);
    return lock === undefined || lock.lane < 0 ? null : { kind: 'lock', lane: lock.lane };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    setPointer({ x: event.clientX - box.left, y: event.clientY - box.top });
    gestures.onPointerMove(event);
  };
  const save = (): void => {
    if (scene === null || parts === null) return;
    const palette = readPalette(document.documentElement);
    parts.savePicture(parts.pictureOf(palette, width, layout, scene, over), info?.title ?? 'mmscope');
  };
  const target = pointer === null || pointer.x < GUTTER ? null : targetAt(pointer.y);
  const waitsFor = moment?.threads?.find(({ thread }) => thread === selected)?.waitsFor;

  return (
    <section
      className="timeline"
      aria-label="Timeline"
      ref={root}
      onPointerDown={gestures.onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={gestures.onPointerUp}
      onDoubleClick={gestures.onDoubleClick}
      onPointerLeave={() => setPointer(null)}
    >
      <div className="timeline-head">
        <Canvas className="fill" draw={head} />
        <div
          className="overview"
          {...tip(
            'The whole run: how many wait for the process-wide lock, and below that who holds it. Click or drag to move what is shown',
          )}
        />
        <span className="extent">{roundDuration(length)} in all</span>
        <CornerMenu onSave={save} />
      </div>
      <div
        className="lanes"
        ref={list}
        style={{ height: room }}
        onScroll={(event) => {
          scrolled.current = event.currentTarget.scrollTop;
          setScroll(scrolled.current);
        }}
      >
        <div className="lanes-all" style={{ height: lanes.total }}>
          <div className="lanes-stick" style={{ height: room }}>
            <Canvas className="fill" draw={threads} />
          </div>
          {info !== null && (
            <LaneNames
              threads={info.meta.threads}
              groups={groups}
              lanes={lanes}
              states={states}
              selected={selected}
              focus={focus}
            />
          )}
        </div>
      </div>
      <LockLanes
        rows={locks.rows}
        total={locks.total}
        room={locksRoom}
        draw={lockLanes}
        onScroll={setLocksScroll}
        wanted={waitsFor === undefined || pyramid === null ? -1 : pyramid.lockLane(waitsFor.lock)}
        open={tablesOpen}
        quiet={layout.quiet}
        vmasOpen={layout.vmasOpen}
        waited={layout.waited}
        vmaNames={layout.vmaNames}
        view={pyramid}
        meta={info?.meta ?? null}
      />
      {bands.length > 0 && (
        <AreaLanes bands={bands} names={layout.bandNames} height={areasRoom} draw={areas} />
      )}
      {info !== null && focus !== null && parts !== null && (
        <parts.FilterBar focus={focus} range={range} meta={info.meta} />
      )}
      <Canvas className="overlay" draw={overlay} />
      {target !== null && pointer !== null && parts !== null && (
        <parts.Tooltip
          target={target}
          x={pointer.x}
          y={pointer.y}
          width={width}
          height={height}
          range={range}
          locksTop={locksTop}
        />
      )}
    </section>
  );
}
