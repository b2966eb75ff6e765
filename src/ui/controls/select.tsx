import { type ReactNode, useRef, useState } from 'react';
import { useParts } from '../late.ts';
import { SelectFace, type SelectProps, selectClass } from './select-face.tsx';

/** A list of which one is chosen. Until the library is there, a button that looks the same stands in its place. */
export function Select(props: SelectProps): ReactNode {
  const { label, disabled = false, named = false, tips } = props;
  const [pressed, setPressed] = useState(false);
  const focused = useRef(false);
  const parts = useParts(pressed);
  return (
    <span className={named ? 'popup' : 'popup low'}>
      {parts === null ? (
        <button
          type="button"
          role="combobox"
          className={selectClass(props)}
          aria-label={label}
          aria-haspopup="listbox"
          aria-expanded={false}
          disabled={disabled}
          {...tips}
          onFocus={() => {
            focused.current = true;
          }}
          onBlur={() => {
            focused.current = false;
          }}
          onClick={() => setPressed(true)}
        >
          <SelectFace {...props} />
        </button>
      ) : (
        <parts.SelectMenu {...props} openAtOnce={pressed} focusAtOnce={focused.current} />
      )}
    </span>
  );
}
