import type { LineHold } from '../../store/index.ts';

const MODES: Readonly<Record<LineHold['mode'], string>> = {
  none: 'nothing held',
  read: 'held to read',
  write: 'held to write',
  either: 'held or not, by the way taken',
};

/** What is held at a line, in words. */
export function holdInWords(hold: LineHold | undefined): string {
  if (hold === undefined) return 'never reached';
  const spin = { none: '', held: ', with a spinlock', either: ', perhaps a spinlock' }[hold.spin];
  if (hold.mode === 'none' && hold.spin === 'held') return 'a spinlock held';
  return `${MODES[hold.mode]}${spin}`;
}

export function sameHold(a: LineHold | undefined, b: LineHold | undefined): boolean {
  return a?.mode === b?.mode && a?.spin === b?.spin;
}

/** Lines that do nothing (a brace, a goto, a blank) take what is held on both sides of them, within a function. */
export function withoutGaps(holds: ReadonlyMap<number, LineHold>, text: string): Map<number, LineHold> {
  const lines = text.split('\n');
  const filled = new Map(holds);
  let last = 0;
  for (let line = 1; line <= lines.length; line++) {
    if (lines[line - 1]?.startsWith('}') === true) last = 0;
    const hold = holds.get(line);
    if (hold === undefined) continue;
    const before = holds.get(last);
    if (before !== undefined && sameHold(before, hold)) {
      for (let gap = last + 1; gap < line; gap++) filled.set(gap, hold);
    }
    last = line;
  }
  return filled;
}
