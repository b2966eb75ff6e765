import { type ReactNode, useMemo } from 'react';
import { batchNotes, figureOf } from '../../store/experiments/index.ts';
import { comparisonText } from './figure-text.ts';
import { useExperiments } from './use-experiments.ts';

/** What the sources say about the batch, each with the figure that the simulation gives once it is there. */
export function Notes(): ReactNode {
  const outcomes = useExperiments((e) => e.outcomes);
  const asked = useExperiments((e) => e.asked);
  const notes = useMemo(
    () =>
      batchNotes.map((note) => ({
        note,
        figure: note.record === null ? null : figureOf(note.record, { outcomes, asked }),
      })),
    [outcomes, asked],
  );
  const sources = [...new Set(batchNotes.map(({ source }) => source))];
  return (
    <aside className="experiment-notes" aria-label="What the sources say">
      {sources.map((source) => (
        <section key={source}>
          <h2>{source}</h2>
          {notes
            .filter(({ note }) => note.source === source)
            .map(({ note, figure }) => (
              <blockquote key={note.id}>
                <p>{note.text}</p>
                {figure?.state === 'there' && figure.simulated !== null && (
                  <p className="experiment-note-figure">{comparisonText(figure)}</p>
                )}
              </blockquote>
            ))}
        </section>
      ))}
      <p className="dim">
        Two prices of the model, work on a page and lines that move with a lock, are fitted to the scores at
        batches 31 and 63 of the table of Skylake-EX. All else follows from the machine and the paths.
      </p>
    </aside>
  );
}
