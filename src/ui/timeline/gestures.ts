import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import type { Ns, Px } from '../../event/index.ts';
import { axisNs, clampRange, playheadNs, type Range, selectedThread, shownRange } from '../../store/index.ts';
import { app } from '../app-store.ts';
import { panBy, rangeOrWhole, zoomAt } from '../layout/zoom.ts';
import { GUTTER, HEAD, OVERVIEW, RIGHT, timeAt } from './geometry.ts';

/** With ctrlKey the wheel is a pinch of the touch pad, whose steps are small. */
const PINCH_SPEED = 0.01;
/** A drag is one that has moved so far, px; less is a click. */
const DRAG_PX = 4;
const WHEEL_SPEED = 0.0016;
const LINE_PX = 32;

export function showRange(range: Range): void {
  app().setRange(rangeOrWhole(range, axisNs(app())));
}

/** What lies over the lanes and has a use of its own for the pointer. */
const OWN = '.panel-float, .filter-bar, button, input';

/** Shows what is measured; else what the selected thread does or waits for at the playhead, with some air around it. */
export function zoomToSelection(): void {
  const { measured, pyramid } = app();
  if (measured !== null) {
    app().measure(null);
    showRange(measured);
    return;
  }
  const thread = selectedThread(app());
  const at = thread < 0 ? undefined : pyramid?.intervalAt(thread, playheadNs(app()));
  if (at === undefined) return;
  const air = (at.endNs - at.startNs) / 8;
  showRange(clampRange({ from: at.startNs - air, to: at.endNs + air }, axisNs(app())));
}

interface Drag {
  /** Move the window, measure, zoom into a span, move the playhead, or move what is shown sideways. */
  readonly part: 'overview' | 'axis' | 'zoom' | 'lanes' | 'pan';
  readonly x: number;
  readonly range: Range;
  moved: boolean;
}

function seek(t: Ns): void {
  app().move({ to: 'time', t: Math.round(t) });
}

/** Centres the shown span on a time; the overview works like a scroll bar. */
function centre(t: Ns): void {
  const range = shownRange(app());
  const half = (range.to - range.from) / 2;
  showRange(clampRange({ from: t - half, to: t + half }, axisNs(app())));
}

/** What a drag that begins at a height does. */
function partAt(y: Px, pans: boolean, zooms: boolean): Drag['part'] {
  if (y < OVERVIEW) return 'overview';
  if (pans) return 'pan';
  if (zooms) return 'zoom';
  return y < HEAD ? 'axis' : 'lanes';
}

export interface Gestures {
  onPointerDown(event: PointerEvent<HTMLElement>): void;
  onPointerMove(event: PointerEvent<HTMLElement>): void;
  onPointerUp(event: PointerEvent<HTMLElement>): void;
  onDoubleClick(event: MouseEvent<HTMLElement>): void;
}

/**
 * Pointer and wheel on the timeline: seek in the lanes, measure on the axis, zoom into a span with Alt, move the window
 * in the overview.
 */
export function useGestures(root: RefObject<HTMLElement | null>, pick: (y: number) => void): Gestures {
  const drag = useRef<Drag | null>(null);

  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      const box = element.getBoundingClientRect();
      const x = event.clientX - box.left;
      // Over the names the wheel scrolls the lanes.
      if (x < GUTTER || app().info === null) return;
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      const range = shownRange(app());
      const extent = axisNs(app());
      const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
      if (!event.ctrlKey && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
        const perPx = (range.to - range.from) / Math.max(1, box.width - GUTTER - RIGHT);
        showRange(panBy(range, sideways * unit * perPx, extent));
        return;
      }
      const speed = event.ctrlKey ? PINCH_SPEED : WHEEL_SPEED;
      const factor = Math.exp(event.deltaY * unit * speed);
      showRange(zoomAt(range, factor, timeAt(x, box.width, range), extent));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [root]);

  const place = (event: PointerEvent<HTMLElement>): { x: number; y: number; width: number } | null => {
    const box = root.current?.getBoundingClientRect();
    return box === undefined
      ? null
      : { x: event.clientX - box.left, y: event.clientY - box.top, width: box.width };
  };

  return {
    onPointerDown(event) {
      const at = place(event);
      if (at === null || at.x < GUTTER || app().info === null) return;
      if (event.target instanceof Element && event.target.closest(OWN) !== null) return;
      const pans = event.button === 1 || (event.button === 0 && event.shiftKey);
      if (event.button !== 0 && !pans) return;
      const part = partAt(at.y, pans, event.altKey);
      const range = shownRange(app());
      drag.current = { part, x: at.x, range, moved: false };
      event.currentTarget.setPointerCapture(event.pointerId);
      if (part === 'overview') centre(timeAt(at.x, at.width, { from: 0, to: axisNs(app()) }));
      if (part === 'lanes') {
        pick(at.y);
        seek(timeAt(at.x, at.width, range));
      }
    },
    onPointerMove(event) {
      const at = place(event);
      const from = drag.current;
      if (at === null || from === null) return;
      if (Math.abs(at.x - from.x) >= DRAG_PX) from.moved = true;
      if (!from.moved) return;
      if (from.part === 'overview') centre(timeAt(at.x, at.width, { from: 0, to: axisNs(app()) }));
      else if (from.part === 'lanes') seek(timeAt(at.x, at.width, from.range));
      else if (from.part === 'axis' || from.part === 'zoom') {
        const ends = [from.x, at.x].map((x) => timeAt(x, at.width, from.range));
        app().measure({ from: Math.min(...ends), to: Math.max(...ends) });
      } else {
        const perPx = (from.range.to - from.range.from) / Math.max(1, at.width - GUTTER - RIGHT);
        showRange(panBy(from.range, (from.x - at.x) * perPx, axisNs(app())));
      }
    },
    onPointerUp(event) {
      const at = place(event);
      const from = drag.current;
      drag.current = null;
      if (at === null || from === null) return;
      if (from.moved && from.part === 'zoom') zoomToSelection();
      if (from.moved || from.part !== 'axis') return;
      app().measure(null);
      seek(timeAt(at.x, at.width, from.range));
    },
    onDoubleClick(event) {
      const box = root.current?.getBoundingClientRect();
      const { measured } = app();
      if (box === undefined || measured === null || event.clientX - box.left < GUTTER) return;
      const t = timeAt(event.clientX - box.left, box.width, shownRange(app()));
      if (event.clientY - box.top >= HEAD && t >= measured.from && t <= measured.to) zoomToSelection();
    },
  };
}
