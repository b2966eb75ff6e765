import { CSPProvider } from '@base-ui/react/csp-provider';
import { Select } from '@base-ui/react/select';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useHonestGuards } from './honest-guards.ts';
import { icons } from './icons.tsx';
import { type OpenProps, SelectFace, type SelectProps, selectClass } from './select-face.tsx';

interface ListProps extends Pick<SelectProps, 'options'> {
  /** Whether the button gets the focus back. */
  readonly givesBack: () => boolean;
}

function List({ options, givesBack }: ListProps): ReactNode {
  useHonestGuards();
  return (
    <Select.Positioner
      className="floating"
      side="bottom"
      align="start"
      sideOffset={6}
      collisionPadding={8}
      alignItemWithTrigger={false}
    >
      <Select.Popup className="panel-float" finalFocus={givesBack}>
        <Select.List>
          {options.map(({ id, title, detail }) => (
            <Select.Item key={id} value={id} label={title} className="option">
              <Select.ItemIndicator className="option-mark">{icons.check}</Select.ItemIndicator>
              <Select.ItemText className="option-title">{title}</Select.ItemText>
              {detail !== undefined && <span className="option-detail">{detail}</span>}
            </Select.Item>
          ))}
        </Select.List>
      </Select.Popup>
    </Select.Positioner>
  );
}

/** A select of the library, for a list that is looked through at a glance. */
export function ListMenu(props: SelectProps & OpenProps): ReactNode {
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
  const byKeyboard = useRef(false);
  // Once: whatever the button does later, it takes the place of another only now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useLayoutEffect(() => {
    if (focusAtOnce) button.current?.focus();
  }, []);
  return (
    // The policy allows no style elements; what they would say stands in the style sheet.
    <CSPProvider disableStyleElements>
      <Select.Root
        value={value}
        onValueChange={(id) => {
          if (id !== null) onChange(id);
        }}
        onOpenChange={(next) => {
          // Who came by pointer wants the keys of the page next, not those of the button.
          byKeyboard.current = document.querySelector('.floating :focus-visible') !== null;
          setOpen(next);
        }}
        disabled={disabled}
        open={open}
        modal={false}
      >
        <Select.Trigger
          ref={button}
          className={selectClass(props)}
          aria-label={label}
          {...tips}
          onKeyDown={(event) => {
            // Letters are keys of the page: they must not choose behind the reader's back.
            if (event.key.length === 1 && event.key !== ' ') event.preventBaseUIHandler();
          }}
        >
          <SelectFace {...props} />
        </Select.Trigger>
        <Select.Portal>
          <List options={options} givesBack={() => byKeyboard.current} />
        </Select.Portal>
      </Select.Root>
    </CSPProvider>
  );
}
