import type { ReactNode } from 'react';
import { type Ns, siteLabel, type TraceMeta } from '../../event/index.ts';
import { axisNs } from '../../store/index.ts';
import { app } from '../app-store.ts';
import { clock } from '../text/time.ts';
import { threadName } from '../text/why.ts';
import { tip } from '../tips/tip.ts';
import type { Sentence } from './sentences.ts';

/** A time that moves the playhead there. */
export function TimeLink({ t }: { readonly t: Ns }): ReactNode {
  return (
    <button
      type="button"
      className="word"
      {...tip('Move the playhead there')}
      onClick={() => app().move({ to: 'time', t })}
    >
      {clock(t, axisNs(app()))}
    </button>
  );
}

/** A thread's name that selects it. */
export function ThreadWord({
  thread,
  meta,
}: {
  readonly thread: number;
  readonly meta: TraceMeta;
}): ReactNode {
  const name = threadName(thread, meta);
  return (
    <button
      type="button"
      className="word strong"
      {...tip('Select this thread')}
      onClick={() => app().select(name)}
    >
      {name}
    </button>
  );
}

/** 'mm/mmap.kp:12', which shows the code. */
export function LineLink({ site, meta }: { readonly site: number; readonly meta: TraceMeta }): ReactNode {
  const at = meta.sites[site];
  if (at === undefined || site === 0) return 'not recorded';
  return (
    <button
      type="button"
      className="word mono"
      {...tip(`${at.fn}: show the line`)}
      onClick={() => app().showLine(at.file, at.line)}
    >
      {siteLabel(site, meta)}
    </button>
  );
}

/** A sentence with everything in it that leads somewhere. */
export function Words({ words, meta }: { readonly words: Sentence; readonly meta: TraceMeta }): ReactNode {
  let place = 0;
  return words.map((word) => {
    const key = place++;
    if (typeof word === 'string') return <span key={key}>{word}</span>;
    if ('thread' in word) return <ThreadWord key={key} thread={word.thread} meta={meta} />;
    if ('t' in word) return <TimeLink key={key} t={word.t} />;
    return <LineLink key={key} site={word.site} meta={meta} />;
  });
}
