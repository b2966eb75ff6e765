import type { ReactNode } from 'react';
import type { TraceMeta } from '../../event/index.ts';
import { app } from '../app-store.ts';
import { Opener } from '../controls/popup.tsx';
import { lookOf } from '../paint/palette.ts';
import type { Standing } from '../text/standing.ts';
import { threadName } from '../text/why.ts';

interface BadgeProps {
  readonly standing: Standing;
  readonly line: number;
  readonly meta: TraceMeta;
}

function nameOf(thread: number, meta: TraceMeta): string | null {
  return meta.threads[thread]?.name ?? null;
}

/** Who stands at a line. One thread is selected by a click; of several one is chosen from a list. */
export function Badge({ standing, line, meta }: BadgeProps): ReactNode {
  const { threads, state, inner } = standing;
  const look = `badge ${inner ? lookOf(state).paint : 'outer'}`;
  const [first = -1] = threads;
  const name = threadName(first, meta);
  if (threads.length === 1) {
    return (
      <button type="button" className={look} onClick={() => app().select(nameOf(first, meta))}>
        {name}
        <span className="hidden"> stands here</span>
      </button>
    );
  }
  const title = `${threads.length} threads at line ${line}`;
  return (
    <Opener
      label={title}
      align="end"
      className={look}
      button={
        <>
          {name} +{threads.length - 1}
          <span className="hidden"> stand here</span>
        </>
      }
    >
      {(close) => (
        <>
          <h2 className="floating-title">{title}</h2>
          <div className="standing">
            {threads.map((thread) => (
              <button
                type="button"
                key={thread}
                className="button small"
                onClick={() => {
                  close();
                  app().select(nameOf(thread, meta));
                }}
              >
                {threadName(thread, meta)}
              </button>
            ))}
          </div>
        </>
      )}
    </Opener>
  );
}
