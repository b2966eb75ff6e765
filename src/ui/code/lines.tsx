import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { SiteIdx, TraceMeta } from '../../event/index.ts';
import type { LineHold } from '../../store/index.ts';
import type { CodeLine } from '../text/code.ts';
import { sameHold } from '../text/held.ts';
import { nextStep, type Standing } from '../text/standing.ts';
import { Line, type Steps } from './line.tsx';

interface LinesProps {
  readonly file: string;
  readonly lines: readonly CodeLine[];
  /** 0 while the shown thread is nowhere in this file. */
  readonly current: number;
  /** Place of the shown thread in the current line, and of its last record (0: elsewhere). */
  readonly site: SiteIdx | null;
  readonly last: SiteIdx;
  readonly holds: ReadonlyMap<number, LineHold>;
  readonly standing: ReadonlyMap<number, Standing>;
  readonly steps: ReadonlyMap<number, Steps>;
  readonly meta: TraceMeta;
}

/** Brings a line into the middle part of its list, if it is not there. */
function reveal(box: HTMLElement, line: number): void {
  const item = box.children[line - 1];
  if (!(item instanceof HTMLElement)) return;
  // Only the list scrolls: scrollIntoView would move the whole page on small screens.
  const above = item.offsetTop - box.scrollTop;
  if (above > box.clientHeight * 0.2 && above < box.clientHeight * 0.7) return;
  // No line is cut at the top.
  const wanted = item.offsetTop - box.clientHeight * 0.38;
  const first = [...box.children].find((e) => e instanceof HTMLElement && e.offsetTop >= wanted);
  box.scrollTop = first instanceof HTMLElement && first !== box.firstChild ? first.offsetTop - 3 : 0;
}

/** A file's text with all that is known of its lines at the moment. */
export function Lines(props: LinesProps): ReactNode {
  const { file, lines, current, site, last, holds, standing, steps, meta } = props;
  const list = useRef<HTMLOListElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (line: number) =>
      setOpen((old) => {
        const next = new Set(old);
        if (!next.delete(`${file}:${line}`)) next.add(`${file}:${line}`);
        return next;
      }),
    [file],
  );
  const first = current > 0 ? current : Math.min(...standing.keys());
  const place = useRef(first);
  place.current = first;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has its line elsewhere; threads that come and go do not scroll
  useEffect(() => {
    const box = list.current;
    if (box === null) return;
    if (!Number.isFinite(first)) box.scrollTop = 0;
    // Also when the pane becomes lower: the line would else go out of sight.
    const observer = new ResizeObserver(() => {
      if (Number.isFinite(place.current)) reveal(box, place.current);
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [current, lines]);
  return (
    <ol
      className="lines"
      ref={list}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
      tabIndex={0}
      aria-label={current > 0 ? `${file}, at line ${current}` : file}
    >
      {lines.map((l, i) => (
        <Line
          key={l.number}
          line={l}
          current={l.number === current}
          hold={holds.get(l.number)}
          turns={holds.has(l.number) && !sameHold(holds.get(l.number), lastHold(holds, lines, i))}
          standing={standing.get(l.number)}
          steps={steps.get(l.number)}
          open={open.has(`${file}:${l.number}`)}
          next={l.number === current && site !== null ? nextStep(steps.get(l.number) ?? [], site, last) : -1}
          meta={meta}
          onToggle={toggle}
        />
      ))}
    </ol>
  );
}

/** What is held at the last line before that has something to say. */
function lastHold(
  holds: ReadonlyMap<number, LineHold>,
  lines: readonly CodeLine[],
  at: number,
): LineHold | undefined {
  for (let i = at - 1; i >= 0; i--) {
    const hold = holds.get(lines[i]?.number ?? 0);
    if (hold !== undefined) return hold;
  }
  return undefined;
}
