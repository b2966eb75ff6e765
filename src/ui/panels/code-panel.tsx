import { memo, type ReactNode, useEffect, useMemo, useRef } from 'react';
import type { FrameMoment, Moment, ThreadMoment, TraceMeta } from '../../event/index.ts';
import { type AppState, munmapRecord, selectedMoment, selectedThread } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { lookOf } from '../paint/palette.ts';
import { type CodeLine, codeLines, functionSpan, headNote, leadingNote } from '../text/code.ts';
import { threadName, threadSentence } from '../text/why.ts';

type Info = NonNullable<AppState['info']>;

interface Badge {
  readonly names: readonly string[];
  readonly state: number;
  /** The thread itself stands here, not something that it called. */
  readonly inner: boolean;
}

/** Who stands in a file, by line: every thread once, at its innermost frame in that file. */
function badgesIn(file: string, moment: Moment, meta: TraceMeta, first: number): Map<number, Badge> {
  const byLine = new Map<number, Badge>();
  const ordered = [...(moment.threads ?? [])].sort(
    (a, b) => Number(b.thread === first) - Number(a.thread === first),
  );
  for (const { thread, stack, state } of ordered) {
    const depth = stack?.findIndex((frame) => frame.file === file) ?? -1;
    const frame = stack?.[depth];
    if (frame === undefined) continue;
    const old = byLine.get(frame.line);
    const name = threadName(thread, meta);
    if (old === undefined) byLine.set(frame.line, { names: [name], state, inner: depth === 0 });
    else byLine.set(frame.line, { ...old, names: [...old.names, name] });
  }
  return byLine;
}

/** Lines between taking a lock and the place now, in the shown function: [first, last], and how it is held. */
function heldLines(
  thread: ThreadMoment,
  frame: FrameMoment,
  depth: number,
  span: { first: number },
  meta: TraceMeta,
): { first: number; mode: 'read' | 'write' } | null {
  const hold = thread.holds?.[0];
  if (hold === undefined) return null;
  const site = meta.sites[hold.site];
  if (site === undefined) return { first: frame.line, mode: hold.mode };
  if (site.file === frame.file && site.line >= span.first && site.line <= frame.line) {
    return { first: site.line, mode: hold.mode };
  }
  // Taken in a caller: the lock is held from the first line on. In a callee: this frame does not show it.
  const outer = thread.stack?.slice(depth + 1).some(({ fn }) => fn === site.fn) ?? false;
  return outer ? { first: span.first, mode: hold.mode } : null;
}

interface Note {
  readonly text: string | null;
  /** It asks the reader to foretell what comes. */
  readonly asks: boolean;
}

/** What the text says about a place: the line, its function, or the nearest call that led there. */
function noteAt(stack: readonly FrameMoment[], depth: number, info: Info): Note {
  for (const [i, { file, line }] of stack.slice(depth).entries()) {
    const notes = info.notes[file];
    const said = notes?.narration[line];
    if (said !== undefined) return { text: said, asks: false };
    const asked = notes?.question[line];
    if (asked !== undefined) return { text: asked, asks: true };
    const { first } = functionSpan(info.texts[file] ?? '', line);
    const before = i === 0 && notes !== undefined ? leadingNote(notes.narration, first) : null;
    if (before !== null) return { text: before, asks: false };
  }
  return { text: null, asks: false };
}

interface LineProps {
  readonly line: CodeLine;
  readonly current: boolean;
  readonly held: 'read' | 'write' | null;
  readonly badge: Badge | undefined;
}

const Line = memo(function Line({ line, current, held, badge }: LineProps): ReactNode {
  const more = (badge?.names.length ?? 0) - 1;
  return (
    <li
      className={`line${current ? ' current' : ''}`}
      aria-current={current ? 'step' : undefined}
      value={line.number}
    >
      <span className={`margin${held === null ? '' : ` held-${held}`}`} />
      <span className="number">{line.number}</span>
      <span className="text">
        <code style={{ paddingInlineStart: `${line.indent * 2 + 2}ch` }}>
          {line.tokens.map((token, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the tokens of a line never change their order
            <span key={i} className={`t-${token.kind}`}>
              {token.text}
            </span>
          ))}
        </code>
        {badge !== undefined && (
          <span
            className={`badge ${badge.inner ? lookOf(badge.state).paint : 'outer'}`}
            title={badge.names.join(', ')}
          >
            {badge.names[0]}
            {more > 0 && ` +${more}`}
          </span>
        )}
      </span>
    </li>
  );
});

/** The stack as a path: the outermost call first; each part shows its own place. */
function StackPath({
  stack,
  shown,
}: {
  readonly stack: readonly FrameMoment[];
  readonly shown: number;
}): ReactNode {
  return (
    <nav className="stack-path" aria-label="Calls">
      {stack
        .map((frame, depth) => (
          <button
            type="button"
            // biome-ignore lint/suspicious/noArrayIndexKey: a frame is its place in the stack
            key={depth}
            aria-pressed={depth === shown}
            onClick={() => app().showFrame(depth === 0 ? null : depth)}
          >
            {frame.fn}
          </button>
        ))
        .reverse()}
    </nav>
  );
}

/** The code that the selected thread is in, with its line and everybody else who stands there. */
export function CodePanel(): ReactNode {
  const info = useApp((s) => s.info);
  const moment = useApp((s) => s.moment);
  const selected = useApp(selectedThread);
  const thread = useApp(selectedMoment);
  const wanted = useApp((s) => s.frame);
  const list = useRef<HTMLOListElement>(null);

  const stack = thread?.stack ?? [];
  const depth = Math.min(wanted ?? 0, Math.max(0, stack.length - 1));
  const frame = stack[depth];
  const text = frame === undefined ? undefined : info?.texts[frame.file];
  const lines = useMemo(() => codeLines(text ?? ''), [text]);
  const line = frame?.line ?? 0;

  useEffect(() => {
    // Only the list scrolls: scrollIntoView would move the whole page on small screens.
    const box = list.current;
    const item = box?.children[line - 1];
    if (box == null || !(item instanceof HTMLElement) || text === undefined) return;
    const above = item.offsetTop - box.scrollTop;
    if (above > box.clientHeight * 0.2 && above < box.clientHeight * 0.7) return;
    // No line is cut at the top.
    const wanted = item.offsetTop - box.clientHeight * 0.38;
    const first = [...box.children].find((e) => e instanceof HTMLElement && e.offsetTop >= wanted);
    box.scrollTop = first instanceof HTMLElement && first !== box.firstChild ? first.offsetTop - 3 : 0;
  }, [line, text]);

  if (info === null || frame === undefined || text === undefined || thread === undefined) {
    const done = moment !== null && thread?.stack?.length === 0;
    return (
      <section className="code" aria-label="Code">
        <h2>Code</h2>
        <p className="quiet">
          {done
            ? `${threadName(selected, info?.meta as TraceMeta)} has come to its end.`
            : moment === null
              ? 'Waiting for the first record.'
              : 'The code is not recorded.'}
        </p>
      </section>
    );
  }

  const span = functionSpan(text, line);
  const held = heldLines(thread, frame, depth, span, info.meta);
  const badges = badgesIn(frame.file, moment as Moment, info.meta, selected);
  const note = noteAt(stack, depth, info);
  const record = munmapRecord(info.choices['munmap'] ?? '');
  const origin = record?.file === frame.file ? `${record.title} · ${record.author}` : frame.file;
  return (
    <section className="code" aria-label="Code">
      <h2 title={origin}>
        <span className="code-fn">{frame.fn}</span>
        <span className="plain">{origin}</span>
      </h2>
      <StackPath stack={stack} shown={depth} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <ol className="lines" ref={list} tabIndex={0} aria-label={`${frame.file}, at line ${line}`}>
        {lines.map((l) => (
          <Line
            key={l.number}
            line={l}
            current={l.number === line}
            held={held !== null && l.number >= held.first && l.number <= line ? held.mode : null}
            badge={badges.get(l.number)}
          />
        ))}
      </ol>
      <div className={`note${note.asks ? ' asks' : ''}`}>
        {note.text ?? headNote(text) ?? threadSentence(moment as Moment, selected, info.meta)}
      </div>
    </section>
  );
}
