import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react';
import {
  Class,
  type Moment,
  objectId,
  type ThreadMoment,
  type TraceMeta,
  type ZoneMoment,
} from '../../event/index.ts';
import type { Changed } from '../../store/index.ts';
import { app } from '../app-store.ts';
import { type ZoneScale, zoneCellAt, zoneLayout, zoneNeighbour } from '../layout/zone.ts';
import { lookOf, type StateLook } from '../paint/palette.ts';
import { paintZone } from '../paint/zone.ts';
import { threadName } from '../text/why.ts';
import { byCpu, heldOf, type ZoneWords, zoneWords } from '../text/zone.ts';
import { Canvas, type Draw } from '../timeline/canvas.tsx';
import { useSize } from '../timeline/use-size.ts';

/** A CPU whose thread holds a lock of the zone looks as the lock's owner does in its lane. */
const HOLDS: StateLook = { paint: 'hold-write', hatch: 'none' };
/** Width for which the words of a bar need room. */
const TIP_WIDTH = 294;

interface ZoneMetersProps {
  readonly zone: ZoneMoment;
  readonly scale: ZoneScale;
  readonly moment: Moment;
  readonly meta: TraceMeta;
  readonly changed: Changed;
}

function spoken({ title, lines, marked }: ZoneWords, thread: string | null): string {
  const leads = thread === null ? '' : `Enter selects ${thread}`;
  return [title, ...lines, marked, leads].filter((text) => text !== '').join('. ');
}

/** Free blocks and per-CPU lists of a zone, painted, with what is pointed at or reached by keys in words. */
export function ZoneMeters({ zone, scale, moment, meta, changed }: ZoneMetersProps): ReactNode {
  const field = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(field);
  const [pointed, setPointed] = useState(-1);
  const [focused, setFocused] = useState(-1);
  /** Where the field stands in the panel, which its words must not be cut by. */
  const [place, setPlace] = useState({ x: 0, bottom: 0, width: 0 });
  const layout = useMemo(() => zoneLayout(zone, scale, width, height), [zone, scale, width, height]);
  const cpus = useMemo(() => byCpu(moment), [moment]);
  const last = layout.cells.length - 1;
  const cursor = Math.min(last, pointed >= 0 ? pointed : focused);

  const threadOf = useCallback(
    (index: number): ThreadMoment | undefined => {
      const cell = layout.cells[index];
      return cell?.kind === 'list' ? cpus.get(cell.list.cpu) : undefined;
    },
    [layout, cpus],
  );
  const pulses = useMemo(() => {
    const found = new Map<number, number>();
    if (changed.lists.size === 0) return found;
    layout.cells.forEach((cell, i) => {
      if (cell.kind !== 'list') return;
      const pages = changed.lists.get(objectId(Class.PCP, zone.node * 4_096 + cell.list.cpu));
      if (pages !== undefined && pages !== 0) found.set(i, pages);
    });
    return found;
  }, [layout, changed, zone.node]);
  const draw = useCallback<Draw>(
    (surface, _width, _height, ratio) => {
      const doings = new Map<number, StateLook>();
      layout.cells.forEach((_, i) => {
        const thread = threadOf(i);
        if (thread === undefined) return;
        doings.set(i, heldOf(zone, thread) === undefined ? lookOf(thread.state) : HOLDS);
      });
      paintZone(surface, layout, { pulses, doings, cursor }, ratio);
    },
    [layout, zone, threadOf, pulses, cursor],
  );

  const cell = layout.cells[cursor];
  const thread = threadOf(cursor);
  const name = thread === undefined ? null : threadName(thread.thread, meta);
  const words = cell === undefined ? null : zoneWords(cell, zone, thread, pulses.get(cursor) ?? 0, meta);
  const measure = (): DOMRect | undefined => {
    const rect = field.current?.getBoundingClientRect();
    const panel = field.current?.closest('.zones')?.getBoundingClientRect();
    if (rect !== undefined && panel !== undefined)
      setPlace({ x: rect.left - panel.left, bottom: panel.bottom - rect.top, width: panel.width });
    return rect;
  };
  const point = (event: PointerEvent): void => {
    const rect = measure();
    setPointed(zoneCellAt(layout, event.clientX - (rect?.left ?? 0)));
  };
  const select = (): void => {
    if (name !== null) app().select(name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === 'Enter') {
      select();
      return;
    }
    if (!/^(Arrow|Home$|End$)/.test(event.key)) return;
    event.preventDefault();
    measure();
    setPointed(-1);
    setFocused(zoneNeighbour(layout, Math.max(0, cursor), event.key));
  };
  const box = layout.boxes[cursor];
  return (
    <>
      <div className="zone-meters" ref={field}>
        <Canvas className="fill" draw={draw} />
        <input
          type="range"
          className={name !== null && pointed >= 0 ? 'zone-cursor leads' : 'zone-cursor'}
          aria-label={`Node ${zone.node}: free blocks by order, and the page list of each CPU`}
          min={0}
          max={Math.max(0, last)}
          value={Math.max(0, cursor)}
          aria-valuetext={words === null ? 'nothing chosen' : spoken(words, name)}
          onChange={(event) => setFocused(event.currentTarget.valueAsNumber)}
          onPointerMove={point}
          onPointerLeave={() => setPointed(-1)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={select}
          onKeyDown={onKeyDown}
          onFocus={() => {
            measure();
            setFocused((at) => (at < 0 ? layout.firstList : at));
          }}
          onBlur={() => setFocused(-1)}
        />
      </div>
      {words !== null && box !== undefined && (
        <div
          className="tooltip"
          aria-hidden="true"
          style={{
            left: Math.max(0, Math.min(place.x + box.x - 8, place.width - TIP_WIDTH)),
            bottom: place.bottom + 3,
          }}
        >
          <b>{words.title}</b>
          {words.lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
          {words.marked !== '' && <div className="marked">{words.marked}</div>}
          {name !== null && <div className="dim">click or Enter: select {name}</div>}
        </div>
      )}
    </>
  );
}
