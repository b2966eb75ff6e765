import type { ReactNode } from 'react';
import type { FrameMoment, Moment } from '../../event/index.ts';
import { recordOfFile } from '../../store/index.ts';
import { app } from '../app-store.ts';
import { filesStoodIn } from '../text/standing.ts';
import { tip } from '../tips/tip.ts';
import { History } from './history.tsx';

/** The function or file that is shown, and whose work it is. */
export function Heading({ title, file }: { readonly title: string; readonly file: string }): ReactNode {
  const record = recordOfFile(file);
  return (
    <div className="code-head">
      <h2 {...tip(file)}>
        <span className="code-fn">{title}</span>
        {record === undefined && title !== file && <span className="plain">{file}</span>}
      </h2>
      {record !== undefined && <History record={record} />}
    </div>
  );
}

/** The stack as a path: the outermost call first; each part shows its own place. */
export function StackPath({
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

/** The files in which threads stand now, each with their number; a click shows one. */
export function Files({ moment, file }: { readonly moment: Moment; readonly file: string }): ReactNode {
  const stood = filesStoodIn(moment);
  return (
    <nav className="code-files" aria-label="Files with threads in them">
      {stood.map((f) => (
        <button
          type="button"
          key={f.file}
          aria-pressed={f.file === file}
          {...tip(`${f.file}: ${f.threads} ${f.threads === 1 ? 'thread stands' : 'threads stand'} in it`)}
          onClick={() => app().showLine(f.file, 0)}
        >
          {f.file.replace(/^.*\//, '')} <b>{f.threads}</b>
        </button>
      ))}
    </nav>
  );
}
