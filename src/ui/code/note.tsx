import { type ReactNode, useEffect, useState } from 'react';
import type { FrameMoment } from '../../event/index.ts';
import type { AppState } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { functionSpan, leadingNote } from '../text/code.ts';

type Info = NonNullable<AppState['info']>;
type Place = Pick<FrameMoment, 'file' | 'line'>;

/** What the text says about a place: the line, its function, or the nearest call that led there. */
export function narrationAt(stack: readonly Place[], info: Info): string | null {
  for (const [i, { file, line }] of stack.entries()) {
    const notes = info.notes[file];
    const said = notes?.narration[line];
    if (said !== undefined) return said;
    const { first } = functionSpan(info.texts[file] ?? '', line);
    const before = i === 0 && notes !== undefined ? leadingNote(notes.narration, first) : null;
    if (before !== null) return before;
  }
  return null;
}

interface NoteProps {
  readonly question: string | null;
  /** What the line itself says; it would give the answer away. */
  readonly answer: string | null;
  readonly narration: string;
  /** Changes when the thread comes to another place: a question is then asked anew. */
  readonly place: string;
}

/** The words about the current line. A question comes before what tells its answer. */
export function Note({ question, answer, narration, place }: NoteProps): ReactNode {
  const prompts = useApp((s) => s.prompts);
  const playing = useApp((s) => s.playing);
  const [told, setTold] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place decides, not what is done with it
  useEffect(() => setTold(false), [place]);
  const asks = question !== null && prompts && !playing;
  return (
    <div className={`note${asks ? ' asks' : ''}`}>
      {asks ? (
        <>
          <p>{question}</p>
          {answer === null && <p className="dim">Think, then step: what happens is the answer.</p>}
          {answer !== null && told && <p>{answer}</p>}
          {answer !== null && !told && (
            <button type="button" className="text-button" onClick={() => setTold(true)}>
              Show the answer
            </button>
          )}
        </>
      ) : (
        <p>{narration}</p>
      )}
      {question !== null && (
        <button
          type="button"
          className="text-button quietly"
          role="switch"
          aria-checked={prompts}
          onClick={() => app().setPrompts(!prompts)}
        >
          {prompts ? 'Ask no questions' : 'Ask questions'}
        </button>
      )}
    </div>
  );
}
