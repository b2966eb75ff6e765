import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import type { SpanBin } from '../../trace/index.ts';
import { app, useApp } from '../app-store.ts';
import { count, counted } from '../text/numbers.ts';
import { duration, roundDuration } from '../text/time.ts';
import { tip } from '../tips/tip.ts';
import { type Bar, barsBetween, chartOf } from './chart.ts';

interface ChartProps {
  /** 'Waits' or 'Holds', and of what. */
  readonly title: string;
  readonly of: string;
  readonly noun: 'wait' | 'hold';
  readonly read: readonly SpanBin[];
  readonly write: readonly SpanBin[];
  readonly modes: boolean;
}

interface Brush {
  readonly from: number;
  readonly to: number;
}

function labelOf(bar: Bar, noun: string, modes: boolean): string {
  const [reads, writes] = [bar.read?.count ?? 0, bar.write?.count ?? 0];
  const split =
    modes && reads > 0 && writes > 0 ? `, ${count(reads)} to read and ${count(writes)} to write` : '';
  return `${roundDuration(bar.fromNs)} to ${roundDuration(bar.toNs)}: ${counted(reads + writes, noun)}${split}`;
}

/** Lengths of waits or holds with a logarithmic axis. Bars that are brushed are marked in the time view. */
export function LengthsChart({ title, of, noun, read, write, modes }: ChartProps): ReactNode {
  const chart = useMemo(() => chartOf(read, write), [read, write]);
  const key = `${noun} ${of}`;
  const marked = useApp((s) => (s.marked?.key === key ? s.marked : null));
  const [brush, setBrush] = useState<Brush | null>(null);
  const [focus, setFocus] = useState(0);
  const dragging = useRef(false);
  const list = useRef<HTMLDivElement>(null);
  const { bars, ticks, most } = chart;
  const shown = marked === null ? null : brush;
  const current = Math.min(focus, Math.max(0, bars.length - 1));

  function put(next: Brush): void {
    setBrush(next);
    setFocus(next.to);
    app().mark(key, barsBetween(bars, next.from, next.to));
  }

  function clear(): void {
    setBrush(null);
    app().mark(key, []);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (step !== 0) {
      const to = Math.min(bars.length - 1, Math.max(0, current + step));
      setFocus(to);
      list.current?.querySelectorAll('button')[to]?.focus();
      if (event.shiftKey) put({ from: shown?.from ?? current, to });
    } else if (event.key === ' ' || event.key === 'Enter') {
      const alone = shown !== null && shown.from === current && shown.to === current;
      if (alone) clear();
      else put({ from: current, to: current });
    } else if (event.key === 'Escape' && shown !== null) clear();
    else return;
    event.preventDefault();
  }

  function onPointerDown(i: number): void {
    if (shown !== null && shown.from === i && shown.to === i) {
      clear();
      return;
    }
    dragging.current = true;
    addEventListener('pointerup', () => (dragging.current = false), { once: true });
    put({ from: i, to: i });
  }

  const inside = (i: number): boolean =>
    shown !== null && i >= Math.min(shown.from, shown.to) && i <= Math.max(shown.from, shown.to);

  return (
    <figure className="lengths">
      <figcaption>
        {title}
        <span className="dim">
          {marked === null
            ? most > 0 && `at most ${count(most)} a bar`
            : `${counted(marked.count, noun)} marked in the time view`}
        </span>
      </figcaption>
      {bars.length === 0 ? (
        <p className="dim lengths-none">none in this range</p>
      ) : (
        <>
          <div
            className="lengths-bars"
            role="toolbar"
            aria-label={`${title} by length`}
            ref={list}
            onKeyDown={onKeyDown}
          >
            {bars.map((bar, i) => (
              <button
                key={bar.fromNs}
                type="button"
                tabIndex={i === current ? 0 : -1}
                className="lengths-bar"
                aria-pressed={inside(i)}
                aria-label={labelOf(bar, noun, modes)}
                {...tip(labelOf(bar, noun, modes))}
                style={{ left: `${bar.x * 100}%`, width: `${bar.width * 100}%` }}
                onPointerDown={(event) => {
                  event.currentTarget.releasePointerCapture(event.pointerId);
                  onPointerDown(i);
                }}
                onPointerEnter={() => {
                  if (dragging.current) put({ from: brush?.from ?? i, to: i });
                }}
                onFocus={() => setFocus(i)}
              >
                <span className={`length-${noun}-write`} style={{ height: `${bar.writeHeight * 100}%` }} />
                <span className={`length-${noun}-read`} style={{ height: `${bar.readHeight * 100}%` }} />
              </button>
            ))}
          </div>
          <div className="lengths-axis" aria-hidden="true">
            {ticks.map(({ ns, x }) => (
              <span key={ns} style={{ left: `${x * 100}%` }} className={x > 0.92 ? 'last' : undefined}>
                {duration(ns).replace('.00', '').replace('.0', '')}
              </span>
            ))}
          </div>
        </>
      )}
    </figure>
  );
}
