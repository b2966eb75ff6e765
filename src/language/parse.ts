import type { Document, Item, ScenarioItem } from './ast.ts';
import { Abandon, Cursor } from './cursor.ts';
import { parseItem } from './parse-item.ts';
import type { Diagnostic, Place } from './program.ts';

/** Longest text that is read, in UTF-16 units. */
export const MAX_TEXT = 1_048_576;

/**
 * Reads a document. Never throws: errors come as diagnostics (100 at most), each costs one statement or one item. Time is
 * linear in the length of the text.
 */
export function parse(text: string, file: string): { document: Document; diagnostics: Diagnostic[] } {
  if (text.length > MAX_TEXT) {
    const message = `the text has ${text.length} characters; at most ${MAX_TEXT} are read`;
    const diagnostics: Diagnostic[] = [{ severity: 'error', file, line: 1, col: 1, message }];
    return { document: { file, items: [], comments: [] }, diagnostics };
  }
  const c = new Cursor(text, file);
  const items: Item[] = [];
  while (!c.done) {
    const from = c.at;
    try {
      items.push(parseItem(c));
    } catch (error) {
      if (!(error instanceof Abandon)) throw error;
      c.depth = 0;
      c.exprDepth = 0;
      c.recover(from);
      // A closing brace without an opening one would stop every recovery.
      if (c.is('}') && !c.done) c.next();
    }
  }
  return { document: { file, items, comments: c.comments }, diagnostics: c.diagnostics };
}

/** A scenario of a document before anything is compiled: what a caller needs to choose path files. */
export interface ScenarioHead {
  readonly name: string;
  readonly title: string;
  readonly expect: ScenarioItem['expect'] | null;
  /** Raw texts of its `set` items by key. */
  readonly settings: Readonly<Record<string, string>>;
  readonly place: Place;
}

/** The scenarios of a document in order, with their settings as text. */
export function scenariosOf(document: Document): ScenarioHead[] {
  return document.items
    .filter((item) => item.kind === 'scenario')
    .map(({ name, title, expect, items, line, col }) => ({
      name,
      title,
      expect: expect ?? null,
      settings: Object.fromEntries(items.flatMap((i) => (i.kind === 'set' ? [[i.key, i.value]] : []))),
      place: { file: document.file, line, col },
    }));
}
