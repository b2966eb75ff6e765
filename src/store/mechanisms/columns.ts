import type { MechanismFigures, MechanismRow } from './state.ts';

/** A column's value of a row: what it is sorted by; null stands last in either direction. */
type Value = string | number | null;

/** The version of a kernel as a number that grows with it; the first that the words name. */
function kernelRank(words: string): number | null {
  const [, major, minor] = /\b(\d+)\.(\d+)/.exec(words) ?? [];
  return major === undefined ? null : Number(major) * 1_000 + Number(minor);
}

function measured(
  of: (figures: MechanismFigures) => number | null | undefined,
): (row: MechanismRow) => Value {
  return ({ measured: m }) => (m.state === 'there' ? (of(m.figures) ?? null) : null);
}

const VALUES = {
  name: ({ mechanism }) => mechanism.record.title,
  write: measured(({ longestWrite }) => longestWrite?.write?.longestNs),
  read: measured(({ longestRead }) => longestRead?.read?.longestNs),
  wait: measured(({ longestWait }) => longestWait?.waitNs),
  acquired: measured(({ locks }) => locks[0]?.acquired ?? 0),
  operation: measured(({ operationNs }) => operationNs),
  breaks: ({ mechanism }) => mechanism.record.breaks,
  fixes: ({ mechanism }) => mechanism.record.fixes,
  proposed: ({ mechanism }) => mechanism.record.date,
  kernels: ({ mechanism }) => kernelRank(mechanism.record.kernels),
  outcome: ({ mechanism }) => mechanism.record.outcome,
  scenarios: ({ mechanism }) => mechanism.scenarios.length,
} as const satisfies Record<string, (row: MechanismRow) => Value>;

export type Column = keyof typeof VALUES;

/** Columns with figures of runs. */
export const MEASURED = ['write', 'read', 'wait', 'acquired', 'operation'] as const satisfies Column[];

export function isColumn(name: string): name is Column {
  return Object.hasOwn(VALUES, name);
}

/** Of figures one asks for the largest first. */
export function firstDescending(column: Column): boolean {
  return column === 'scenarios' || MEASURED.some((name) => name === column);
}

const byWords = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Rows in the order of a column. Those without a value come last; rows that are alike keep their order. */
export function sortRows(
  rows: readonly MechanismRow[],
  column: Column | null,
  descending: boolean,
): readonly MechanismRow[] {
  if (column === null) return rows;
  const read: (row: MechanismRow) => Value = VALUES[column];
  return [...rows].sort((first, second) => {
    const [a, b] = [read(first), read(second)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order =
      typeof a === 'number' && typeof b === 'number' ? a - b : byWords.compare(String(a), String(b));
    return descending ? -order : order;
  });
}
