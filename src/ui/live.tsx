import { type ReactNode, useEffect, useState } from 'react';
import { type AppState, selectedThread } from '../store/index.ts';
import { useApp } from './app-store.ts';
import { moveText } from './text/moves.ts';
import { threadSentence } from './text/why.ts';

/** While playing nobody could listen to every moment. */
function spoken(s: AppState): string {
  if (s.info === null || s.moment === null || s.playing) return '';
  const said = moveText(s);
  if (said !== '') return said;
  const thread = selectedThread(s);
  return thread < 0 ? '' : threadSentence(s.moment, thread, s.info.meta);
}

/** What becomes of a search, or what the selected thread does at the playhead, in a sentence, for those who do not see the lanes. */
export function Live(): ReactNode {
  const sentence = useApp(spoken);
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
