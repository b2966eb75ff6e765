import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { narrowed } from '../text/narrow.ts';
import { icons } from './icons.tsx';
import type { SelectOption } from './select-face.tsx';

/** Entries of which one is chosen. */
export interface FilterGroup {
  readonly key: string;
  readonly label: string;
  readonly options: readonly SelectOption[];
  /** Id of the one in force. */
  readonly chosen: string;
}

interface FilterListProps {
  readonly label: string;
  /** More than one: each with its label as a heading. */
  readonly groups: readonly FilterGroup[];
  /** `byKeyboard`: with Enter. */
  readonly onChoose: (group: string, id: string, byKeyboard: boolean) => void;
  /** Tab goes on from the button, which is to have the focus. */
  readonly onTab: () => void;
}

/** So many entries further with the page keys. */
const PAGE = 8;

/** Groups narrowed to what was typed, without those that have nothing left. */
function groupsLeft(groups: readonly FilterGroup[], text: string): FilterGroup[] {
  return groups.flatMap((group) => {
    const options = narrowed(group.options, text);
    return options.length === 0 ? [] : [{ ...group, options }];
  });
}

/** Entries with a field above them that narrows them. The focus stays in the field, which has the keys. */
export function FilterList({ label, groups, onChoose, onTab }: FilterListProps): ReactNode {
  const id = useId();
  const [text, setText] = useState('');
  const entries = useRef<HTMLDivElement>(null);
  const left = groupsLeft(groups, text);
  const flat = left.flatMap(({ key, options, chosen }) =>
    options.map((option) => ({ group: key, option, chosen: option.id === chosen })),
  );
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      flat.findIndex(({ chosen }) => chosen),
    ),
  );
  // Entries may come and go while the list is open.
  const active = Math.min(at, flat.length - 1);
  const idOf = (i: number): string => `${id}-${i}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed moves the entries below the active one
  useLayoutEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, text, id]);

  const type = (next: string): void => {
    const list = entries.current;
    // The field stays where it is: as wide as when all stood there, and as high where it opened upwards.
    if (list !== null && text === '') {
      const upwards = list.closest('[data-side]')?.getAttribute('data-side') === 'top';
      list.style.width = `${list.offsetWidth}px`;
      list.style.height = upwards ? `${list.offsetHeight}px` : '';
    }
    setText(next);
    const all = next.trim() === '' ? groups.flatMap((g) => g.options.map((o) => o.id === g.chosen)) : [];
    setAt(Math.max(0, all.indexOf(true)));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + PAGE, PageUp: active - PAGE }[
      event.key
    ];
    const entry = flat[active];
    if (event.key === 'Tab') {
      onTab();
      return;
    }
    if (to !== undefined) setAt(Math.max(0, Math.min(flat.length - 1, to)));
    else if (event.key === 'Enter') {
      if (entry !== undefined) onChoose(entry.group, entry.option.id, true);
    } else if (event.key === 'Escape' && text !== '') {
      // The next one closes.
      event.stopPropagation();
      type('');
    } else return;
    event.preventDefault();
  };

  let i = 0;
  const entryOf = (group: string, option: SelectOption, chosen: boolean): ReactNode => {
    const place = i++;
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
      // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
      <div
        key={option.id}
        role="option"
        id={idOf(place)}
        className="option"
        aria-selected={chosen}
        data-highlighted={place === active ? '' : undefined}
        onPointerMove={() => setAt(place)}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onChoose(group, option.id, false)}
      >
        <span className="option-mark">{chosen && icons.check}</span>
        <span className="option-title">{option.title}</span>
        {option.detail !== undefined && <span className="option-detail">{option.detail}</span>}
      </div>
    );
  };
  const none = flat.length === 0;
  return (
    <div className="filter-list">
      <div className="filter-list-field">
        {icons.search}
        <input
          role="combobox"
          aria-label={`Filter: ${label}`}
          aria-expanded={!none}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={none ? undefined : idOf(active)}
          placeholder="Filter"
          spellCheck={false}
          autoComplete="off"
          maxLength={100}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <p className={none ? 'filter-list-none' : 'hidden'} role="status">
        {none ? `No entry matches “${text.trim()}”.` : text.trim() !== '' && `${flat.length} match`}
      </p>
      <div
        role="listbox"
        id={`${id}-list`}
        className="filter-list-entries"
        aria-label={label}
        // One of each group is chosen.
        aria-multiselectable={groups.length > 1 || undefined}
        tabIndex={-1}
        ref={entries}
      >
        {left.map(({ key, label: heading, options, chosen }) =>
          groups.length === 1 ? (
            options.map((option) => entryOf(key, option, option.id === chosen))
          ) : (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a list
            <div key={key} role="group" className="menu-group" aria-label={heading}>
              <h2 role="presentation">{heading}</h2>
              {options.map((option) => entryOf(key, option, option.id === chosen))}
            </div>
          ),
        )}
      </div>
    </div>
  );
}
