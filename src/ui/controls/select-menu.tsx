import { type ReactNode, useRef, useState } from 'react';
import { UNFILTERED } from '../text/narrow.ts';
import { FilterMenu } from './filter-menu.tsx';
import { ListMenu } from './list-menu.tsx';
import type { SelectMenuProps } from './select-face.tsx';

/** The select itself: a list, with a field that narrows it where it is long. */
export function SelectMenu({ openAtOnce, focusAtOnce, ...props }: SelectMenuProps): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(openAtOnce);
  const [focused, setFocused] = useState(focusAtOnce);
  const isLong = props.options.length > UNFILTERED;
  const [long, setLong] = useState(isLong);
  // A list that grows while somebody looks at it stays what it is.
  if (!open && long !== isLong) {
    setLong(isLong);
    setFocused(document.activeElement === button.current);
  }
  const Menu = long ? FilterMenu : ListMenu;
  return <Menu {...props} {...{ button, open, setOpen }} focusAtOnce={focused} />;
}
