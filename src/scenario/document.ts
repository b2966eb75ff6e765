import { parse, type ScenarioItem } from '../language/index.ts';
import { galleryEntry } from './gallery.ts';
import type { Source } from './resolve.ts';

/** A document as a file. */
export interface DocumentFile {
  readonly name: string;
  readonly text: string;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function indentOf(text: string, at: number): string {
  return /[^\S\n]*$/.exec(text.slice(0, at))?.[0] ?? '';
}

/** Overrides as `set` items of a scenario: in the place of those that it has, the others before its first item. */
function edits(
  text: string,
  { items, to }: ScenarioItem,
  set: Readonly<Record<string, string>>,
): readonly Edit[] {
  const found: Edit[] = [];
  let fresh = '';
  const first = items[0];
  // Without an item there is only the closing brace to stand before.
  const at = first?.from ?? to - 1;
  const indent = indentOf(text, at);
  for (const [key, value] of Object.entries(set)) {
    const line = `set ${key} = ${value};`;
    const own = items.filter((item) => item.kind === 'set' && item.key === key);
    for (const item of own) found.push({ from: item.from, to: item.to, text: line });
    if (own.length === 0) fresh += `${line}\n${indent}`;
  }
  return [...found, { from: at, to: at, text: fresh }];
}

/**
 * The document of an experiment with its overrides written into the scenario, so that the file alone says what is run;
 * null where there is no such scenario, or its text cannot be read.
 */
export function documentFile(source: Source): DocumentFile | null {
  const entry = source.text === undefined ? galleryEntry(source.scenario) : undefined;
  const text = source.text ?? entry?.text;
  if (text === undefined) return null;
  const { document, diagnostics } = parse(text, 'document.kp');
  if (diagnostics.some(({ severity }) => severity === 'error')) return null;
  const scenarios = document.items.filter((item) => item.kind === 'scenario');
  const scenario = scenarios.find(({ name }) => name === source.scenario) ?? scenarios[0];
  if (scenario === undefined) return null;
  const changed = [...edits(text, scenario, source.set)]
    .sort((a, b) => b.from - a.from || b.to - a.to)
    .reduce((all, edit) => all.slice(0, edit.from) + edit.text + all.slice(edit.to), text);
  return { name: `${scenario.name}.kp`, text: changed };
}
