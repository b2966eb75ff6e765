import { type ReactNode, useEffect, useMemo, useState } from 'react';
import {
  holdsByLine,
  type LineHold,
  selectedMoment,
  selectedThread,
  stepsByLine,
} from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { Files, Heading, StackPath } from '../code/head.tsx';
import { Key } from '../code/key.tsx';
import { Lines } from '../code/lines.tsx';
import { Note, narrationAt } from '../code/note.tsx';
import { codeLines, headNote } from '../text/code.ts';
import { holdInWords, withoutGaps } from '../text/held.ts';
import { siteOfFrame, standingIn } from '../text/standing.ts';
import { threadName, threadSentence } from '../text/why.ts';

/** The current line in words, for those who do not see it; said when the reader stops. */
function Spoken({ text }: { readonly text: string }): ReactNode {
  const playing = useApp((s) => s.playing);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(playing ? '' : text), 250);
    return () => clearTimeout(timer);
  }, [text, playing]);
  return (
    <p className="hidden" aria-live="polite">
      {said}
    </p>
  );
}

function Empty({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <section className="code" aria-label="Code">
      <h2>Code</h2>
      <p className="quiet">{children}</p>
    </section>
  );
}

/** The code that the selected thread is in, or a line that was asked for, and everybody who stands there. */
export function CodePanel(): ReactNode {
  const info = useApp((s) => s.info);
  const moment = useApp((s) => s.moment);
  const selected = useApp(selectedThread);
  const thread = useApp(selectedMoment);
  const wanted = useApp((s) => s.frame);
  const asked = useApp((s) => s.line);
  const last = useApp((s) => (s.record?.thread === selectedThread(s) ? s.record.site : 0));

  const stack = thread?.stack ?? [];
  const depth = Math.min(wanted ?? 0, Math.max(0, stack.length - 1));
  const apart = asked !== null && info?.texts[asked.file] !== undefined ? asked : null;
  // A file as a whole that the thread stands in shows its place there.
  const inFile = stack.findIndex(({ file }) => file === apart?.file);
  const shown = apart === null ? depth : apart.line === 0 ? inFile : -1;
  const frame = stack[shown];
  const file = apart?.file ?? frame?.file;
  const line = frame?.line ?? apart?.line ?? 0;
  const text = file === undefined ? undefined : info?.texts[file];
  const site =
    frame === undefined || thread === undefined || info === null
      ? null
      : siteOfFrame(thread, shown, info.meta);

  const lines = useMemo(() => codeLines(text ?? ''), [text]);
  const holds = useMemo(
    () =>
      info === null || file === undefined || text === undefined
        ? new Map<number, LineHold>()
        : withoutGaps(holdsByLine(info, file, site), text),
    [info, file, site, text],
  );
  const steps = useMemo(
    () => (info === null || file === undefined ? new Map() : stepsByLine(info, file, site)),
    [info, file, site],
  );
  const standing = useMemo(
    () => (moment === null || file === undefined ? new Map() : standingIn(file, moment, selected)),
    [moment, file, selected],
  );

  if (moment === null || info === null) return <Empty>Waiting for the first record.</Empty>;
  if (file === undefined || text === undefined) {
    const done = thread?.stack?.length === 0;
    return (
      <Empty>
        {done ? `${threadName(selected, info.meta)} has come to its end.` : 'The code is not recorded.'}
      </Empty>
    );
  }

  const code = lines[line - 1]?.tokens.map((token) => token.text).join('') ?? '';
  const notes = info.notes[file];
  const places = frame === undefined ? [{ file, line }] : stack.slice(shown);
  const narration =
    narrationAt(places, info) ?? headNote(text) ?? threadSentence(moment, selected, info.meta);
  return (
    <section className="code" aria-label="Code">
      <Heading title={frame?.fn ?? (line > 0 ? `line ${line}` : file)} file={file} />
      {apart === null ? (
        <StackPath stack={stack} shown={shown} />
      ) : (
        <div className="stack-path">
          <button type="button" onClick={() => app().showFrame(null)}>
            Back to {threadName(selected, info.meta)}
          </button>
        </div>
      )}
      <Files moment={moment} file={file} />
      <Lines
        file={file}
        lines={lines}
        current={line}
        site={frame === undefined ? null : site}
        last={last}
        holds={holds}
        standing={standing}
        steps={steps}
        meta={info.meta}
      />
      <Key holds={holds} />
      <Note
        question={frame !== undefined && shown === 0 ? (notes?.question[line] ?? null) : null}
        answer={notes?.narration[line] ?? null}
        narration={narration}
        place={`${selected} ${file}:${line}`}
      />
      <Spoken text={line === 0 ? '' : `Line ${line}, ${holdInWords(holds.get(line))}: ${code}`} />
    </section>
  );
}
