import { type ReactNode, useId, useLayoutEffect } from 'react';
import { FilterList } from './filter-list.tsx';
import { Panel } from './panel.tsx';
import { type OpenProps, SelectFace, type SelectProps, selectClass } from './select-face.tsx';

/** A select whose list is long: the list has a field that narrows it. */
export function FilterMenu(props: SelectProps & OpenProps): ReactNode {
  const {
    label,
    options,
    value,
    onChange,
    disabled = false,
    tips,
    button,
    open,
    setOpen,
    focusAtOnce,
  } = props;
  const id = useId();
  // Once: whatever the button does later, it takes the place of another only now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useLayoutEffect(() => {
    if (focusAtOnce) button.current?.focus();
  }, []);
  const close = (byKeyboard: boolean): void => {
    setOpen(false);
    // Who came by pointer wants the keys of the page next, not those of the button.
    if (byKeyboard) button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        id={id}
        type="button"
        role="combobox"
        className={selectClass(props)}
        aria-label={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? `${id}-panel` : undefined}
        disabled={disabled}
        {...tips}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (open || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        }}
      >
        <SelectFace {...props} />
      </button>
      {open && (
        <Panel id={`${id}-panel`} anchor={button} label={label} onClose={(left) => close(!left)}>
          <FilterList
            label={label}
            groups={[{ key: 'all', label, options, chosen: value }]}
            onChoose={(_, chosen, byKeyboard) => {
              close(byKeyboard);
              if (chosen !== value) onChange(chosen);
            }}
            onTab={() => close(true)}
          />
        </Panel>
      )}
    </>
  );
}
