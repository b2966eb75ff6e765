import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { selectedThread } from '../store/index.ts';
import { useApp } from './app-store.ts';
import { moveText } from './text/moves.ts';
import { threadSentence } from './text/why.ts';

/** What becomes of a search, or what the selected thread does at the playhead, in a sentence, for those who do not see the lanes. */
export function Live(): ReactNode {
  const info = useApp((s) => s.info);
  // While playing nobody could listen to every moment.
  const moment = useApp((s) => (s.playing ? null : s.moment));
  const moved = useApp((s) => (s.info === null || s.moment === null || s.playing ? '' : moveText(s)));
  const thread = useApp(selectedThread);
  // Whatever changes in the store is asked for its words: those that take long are made only of another moment.
  const does = useMemo(
    () => (info === null || moment === null || thread < 0 ? '' : threadSentence(moment, thread, info.meta)),
    [info, moment, thread],
  );
  const sentence = moved === '' ? does : moved;
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(sentence), 250);
    return () => clearTimeout(timer);
  }, [sentence]);
  return (
    <p className="hidden" role="status" aria-live="polite">
      {said}
    </p>
  );
}
