import type { ReactNode } from 'react';
import { app, useApp } from '../app-store.ts';
import { moveText } from '../text/moves.ts';
import { count } from '../text/numbers.ts';
import { keysOf } from '../tips/shortcuts.ts';
import { tip } from '../tips/tip.ts';

/** Which event the playhead stands at and what it says; or the search under way, or why the last move led nowhere. */
export function Where(): ReactNode {
  const event = useApp((s) => s.moment?.event ?? null);
  const events = useApp((s) => s.progress?.events ?? null);
  const sentence = useApp((s) => s.record?.sentence ?? null);
  const blank = useApp((s) => (s.info === null ? ' blank' : ''));
  const searched = useApp((s) => s.searching?.event ?? null);
  const said = useApp(moveText);
  const shown = searched ?? event;
  const numbers = shown === null || events === null ? ' ' : `event ${count(shown)} of ${count(events)}`;
  const text = said !== '' ? said : (sentence ?? (event === 0 ? 'nothing has happened yet' : ''));
  return (
    <>
      <span className={`at${blank}`}>
        <span className="event">{numbers}</span>
        <span className={`sentence${said === '' ? '' : ' said'}`} {...tip(text)}>
          {text}
        </span>
      </span>
      {searched !== null && (
        <button
          type="button"
          className="button small"
          {...tip('Stop search', keysOf('stop a search; put a measured span away, then a filter'))}
          onClick={() => app().cancelMove()}
        >
          Stop search
        </button>
      )}
    </>
  );
}
