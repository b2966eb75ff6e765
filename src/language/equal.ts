import type { Document } from './ast.ts';

/** What says where something stands, or how it was spelt, but not what it means. */
const IGNORED = new Set([
  'line',
  'col',
  'from',
  'to',
  'endLine',
  'paren',
  'height',
  'ownLine',
  'file',
  'iteratorAt',
]);

function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((v, k) => equal(v, b[k]));
  }
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = (o: Record<string, unknown>): string[] =>
    Object.keys(o).filter((k) => !IGNORED.has(k) && o[k] !== undefined);
  const own = keys(x);
  return own.length === keys(y).length && own.every((k) => equal(x[k], y[k]));
}

/** True when two documents say the same in the same order, comments included, wherever it stands. */
export function equalDocuments(a: Document, b: Document): boolean {
  return equal(a.items, b.items) && equal(a.comments, b.comments);
}
