import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { type Found, find } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { Result } from './result.tsx';

const LIST = 'find-results';

function idOf(at: number): string {
  return `find-result-${at}`;
}

/** What was typed, and what it finds. The list belongs to the field: the focus stays in there. */
export function Finder(): ReactNode {
  const info = useApp((s) => s.info);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = info === null ? [] : find(info, text);
  const chosen = found[Math.min(at, found.length - 1)];

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const choose = ({ target }: Found, follow: boolean): void => {
    app().setFind(false);
    if (follow) app().followTo(target);
    else app().goTo(target);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = found.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (to !== undefined) setAt(Math.max(0, Math.min(last, to)));
    else if (event.key === 'Enter' && chosen !== undefined) choose(chosen, event.shiftKey);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="find-field">
        {icons.search}
        <input
          role="combobox"
          aria-label="Find a thread, lock, function or line"
          aria-expanded={found.length > 0}
          aria-controls={LIST}
          aria-autocomplete="list"
          aria-activedescendant={chosen === undefined ? undefined : idOf(Math.min(at, found.length - 1))}
          placeholder="Thread, lock, function, text of a line, file:line, address"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="find-results" id={LIST} role="listbox" aria-label="Found" ref={list}>
        {found.map((one, i) => (
          <Result
            key={`${one.target.kind} ${one.label} ${one.detail}`}
            id={idOf(i)}
            found={one}
            active={one === chosen}
            onPoint={() => setAt(i)}
            onChoose={(follow) => choose(one, follow)}
          />
        ))}
      </div>
      <p className="find-foot" role="status">
        {text.trim() !== '' && found.length === 0 ? (
          'Nothing has this name.'
        ) : (
          <>
            <kbd>↑ ↓</kbd> choose <kbd>Enter</kbd> go there <kbd>Shift Enter</kbd> run until it blocks, is
            contended or is reached <kbd>Esc</kbd> close
          </>
        )}
      </p>
    </>
  );
}
