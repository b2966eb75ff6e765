/** What an element carries to be explained when it is pointed at or reached by keyboard; `tips.tsx` shows it. */
export interface TipProps {
  readonly 'data-tip'?: string;
  readonly 'data-tip-keys'?: string;
  readonly 'aria-keyshortcuts'?: string;
}

const ARIA_NAMES: Readonly<Record<string, string>> = {
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '+': 'Plus',
  '−': '-',
  Esc: 'Escape',
  Ctrl: 'Control',
};

/** The keys in a cell of the help's table: 'c  Shift c' and 'Shift ← →' are two each. */
export function keysIn(cell: string): readonly string[] {
  if (cell.includes('  ')) return cell.split(/ {2,}/);
  const [first = '', ...rest] = cell.split(' ');
  return first === 'Shift' ? rest.map((key) => `Shift ${key}`) : [first, ...rest];
}

/** 'Shift ←' as assistive technology wants it: 'Shift+ArrowLeft'. */
export function ariaKeys(keys: string): string {
  return keys
    .split(' ')
    .map((key) => ARIA_NAMES[key] ?? key)
    .join('+');
}

/**
 * A tooltip: what the element does, and the keys that do the same. Attributes, because thousands of cells, lines and
 * bars have one and only one at a time is shown.
 */
export function tip(text: string, keys: readonly string[] = []): TipProps {
  if (text === '') return {};
  if (keys.length === 0) return { 'data-tip': text };
  return {
    'data-tip': text,
    'data-tip-keys': keys.join('\n'),
    'aria-keyshortcuts': keys.map(ariaKeys).join(' '),
  };
}
