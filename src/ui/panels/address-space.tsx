import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Moment, TraceMeta } from '../../event/index.ts';
import { selectedThread } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { bandOfCell, cellAt, cellBox, MAP_LABEL, mapLayout, mostBands, neighbour } from '../layout/map.ts';
import { Fates, mapBands } from '../layout/map-cells.ts';
import { paintMap } from '../paint/map.ts';
import { bandWords, type CellWords, cellWords, tableMeant } from '../text/address-space.ts';
import { pageBytes } from '../text/numbers.ts';
import { Canvas, type Draw } from '../timeline/canvas.tsx';
import { useSize } from '../timeline/use-size.ts';
import { changedCells, workedCells } from './address-map.ts';
import { pagesChanged, rssChanged } from './memory.tsx';
import { MISSING } from './rows.tsx';
import { useChanged } from './use-changed.ts';

/** From this height on a band has a second line of text. */
const TWO_LINES = 25;

function spoken({ title, range, lines, marked }: CellWords, lane: string): string {
  return [title, range, ...lines, ...marked, lane].filter((text) => text !== '').join('. ');
}

/** Of the lock of the page table that a cell stands for. */
type Lane = 'unclear' | 'none' | 'there';

const LANES: Readonly<Record<Lane, string>> = {
  unclear: '',
  none: 'nobody ever waited for its page-table lock',
  there: 'click or Enter: the lane of its page-table lock',
};

function Words({ words, lane }: { readonly words: CellWords; readonly lane: Lane }): ReactNode {
  return (
    <>
      <b>{words.title}</b> <span className="dim">{words.range}</span>
      {words.lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
      {words.marked.map((line) => (
        <div key={line} className="marked">
          {line}
        </div>
      ))}
      {lane !== 'unclear' && <div className="dim">{LANES[lane]}</div>}
    </>
  );
}

function AddressMap(props: {
  readonly moment: Moment;
  readonly meta: TraceMeta;
  readonly mm: number;
}): ReactNode {
  const { moment, meta, mm } = props;
  const field = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(field);
  const [pointed, setPointed] = useState(-1);
  const [focused, setFocused] = useState(-1);
  const view = useApp((s) => s.pyramid);
  const changed = useChanged();
  const vmas = useMemo(() => (moment.vmas ?? []).filter((vma) => vma.mm === mm), [moment, mm]);
  const layout = useMemo(() => {
    const ranges = (moment.ranges ?? []).filter((range) => range.mm === mm);
    return mapLayout(mapBands(ranges, mostBands(height)), vmas, width, height);
  }, [moment, mm, vmas, width, height]);
  const cursor = Math.min(layout.cells.length - 1, pointed >= 0 ? pointed : focused);
  const draw = useCallback<Draw>(
    (surface, _width, _height, ratio) => {
      const marks = {
        changed: changedCells(layout, mm, moment, changed),
        at: workedCells(layout, mm, moment),
        cursor,
      };
      paintMap(surface, layout, marks, ratio);
    },
    [layout, mm, moment, changed, cursor],
  );

  const cell = layout.cells[cursor];
  const band = bandOfCell(layout, cursor);
  const table = cell === undefined ? null : tableMeant(cell, mm, moment);
  const lane: Lane = table === null ? 'unclear' : (view?.singleLane(table) ?? -1) < 0 ? 'none' : 'there';
  const words =
    cell === undefined || band === undefined
      ? null
      : cellWords(
          cell,
          band.band,
          new Fates(vmas).within(cell.fromPage, cell.toPage),
          mm,
          moment,
          meta,
          changed,
        );
  const box = cellBox(layout, cursor);
  const show = (): void => {
    if (lane === 'there') app().showTable(table);
  };
  const point = (event: PointerEvent): void => {
    const rect = (field.current ?? event.currentTarget).getBoundingClientRect();
    setPointed(cellAt(layout, event.clientX - rect.left, event.clientY - rect.top));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === 'Enter') {
      show();
      return;
    }
    if (!/^(Arrow|Home$|End$)/.test(event.key)) return;
    event.preventDefault();
    setPointed(-1);
    setFocused(neighbour(layout, Math.max(0, cursor), event.key));
  };
  const placed = layout.bands.map(({ band: b, first, count, top, height: h }) => ({
    words: bandWords(b, layout.cells.slice(first, first + count)),
    key: b.key,
    top,
    height: h,
  }));
  return (
    <div className={`map${lane === 'there' && pointed >= 0 ? ' leads' : ''}`} ref={field}>
      <Canvas className="fill" draw={draw} />
      {placed.map(({ words: { name, times, size, detail, notable }, key, top, height: h }) => (
        <div
          key={key}
          className="map-band"
          style={{ top, height: h, width: MAP_LABEL }}
          title={`${name} ${times} · ${size} · ${detail}`}
        >
          <span className="map-name">
            {name}
            {times !== '' && <span className="dim"> {times}</span>}
          </span>
          <span className="map-size">{h >= TWO_LINES || notable === '' ? size : notable}</span>
          {h >= TWO_LINES && <span className="map-detail">{detail}</span>}
        </div>
      ))}
      <input
        type="range"
        className="map-cursor"
        aria-label={`Map of the address space. ${placed
          .map(
            ({ words: { name, times, size, detail } }) =>
              `${[name, times].join(' ').trim()}, ${size}, ${detail}`,
          )
          .join('; ')}`}
        min={0}
        max={Math.max(0, layout.cells.length - 1)}
        value={Math.max(0, cursor)}
        aria-valuetext={words === null ? 'no cell chosen' : spoken(words, LANES[lane])}
        onChange={(event) => setFocused(event.currentTarget.valueAsNumber)}
        onPointerMove={point}
        onPointerLeave={() => setPointed(-1)}
        onPointerDown={(event) => event.preventDefault()}
        onClick={show}
        onKeyDown={onKeyDown}
        onFocus={() => setFocused((at) => Math.max(0, at))}
        onBlur={() => setFocused(-1)}
      />
      {words !== null && (
        <div
          className="tooltip"
          aria-hidden="true"
          style={{ left: Math.max(0, Math.min(box.x - 8, width - 200)), bottom: height + 2 }}
        >
          <Words words={words} lane={lane} />
        </div>
      )}
    </div>
  );
}

/** The address space of the selected thread at the playhead, as a map and in figures. */
export function AddressSpace(): ReactNode {
  const moment = useApp((s) => s.moment);
  const meta = useApp((s) => s.info?.meta ?? null);
  const thread = useApp(selectedThread);
  const mm = meta?.threads[thread]?.mm ?? 0;
  const figures = moment?.mms?.find((m) => m.mm === mm);
  const several = (meta?.mms.length ?? 0) > 1;
  const changed = useChanged();
  const rss = pageBytes(figures?.rssPages ?? 0);
  const present = pageBytes(figures?.presentPages ?? 0);
  const presentChanged = pagesChanged(changed, mm);
  const rssMarked = rssChanged(changed, mm) || (rss === present && presentChanged);
  return (
    <section className="areas" aria-label="Address space at the playhead">
      <div className="areas-head">
        <h2 className="figure-label">
          Address space {several ? <b>of {meta?.mms[mm] ?? mm}</b> : 'at the playhead'}
        </h2>
        {figures !== undefined && (
          <span className="figure-label">
            <span className={rssMarked ? 'changed' : undefined}>RSS {rss}</span>
            {/* All that is present is in the RSS, but for a moment while pages go: one figure says both. */}
            {rss !== present && (
              <>
                {' · '}
                <span className={presentChanged ? 'changed' : undefined}>{present} present</span>
              </>
            )}
          </span>
        )}
      </div>
      {moment?.ranges === undefined || meta === null ? (
        <p className="quiet">{moment === null ? '' : MISSING}</p>
      ) : (
        <AddressMap moment={moment} meta={meta} mm={mm} />
      )}
    </section>
  );
}
