import { describe, expect, test } from 'vitest';
import { pathFiles } from '../kernel/files.ts';
import { catalogue, sharedFiles, vocabulary } from '../kernel/index.ts';
import { gallery, resolve } from '../scenario/index.ts';
import type { Document } from './ast.ts';
import { WORDS } from './bytecode.ts';
import { check } from './compile/check.ts';
import { disassemble, stepsOfLine } from './inspect.ts';
import { parse } from './parse.ts';

const fileOf = (kind: string): string => catalogue.find((r) => r.kind === kind && r.file !== '')?.file ?? '';

/** Later documents replace functions of earlier ones. */
function withoutReplaced(documents: readonly Document[]): Document[] {
  const later = new Set<string>();
  const kept = documents.toReversed().map((d) => {
    const items = d.items.filter((item) => item.kind !== 'function' || !later.has(item.name));
    for (const item of d.items) if (item.kind === 'function') later.add(item.name);
    return { ...d, items };
  });
  return kept.toReversed();
}

describe('path files of the kernel room', () => {
  test.each(Object.keys(pathFiles))('%s stands by itself', (file) => {
    const { document, diagnostics } = parse(pathFiles[file] ?? '', file);
    expect(diagnostics).toEqual([]);
    // One strategy of a kind at a time, with the files that it builds on.
    const record = catalogue.find((r) => r.file === file || r.on?.includes(file));
    const kinds = ['fault', 'munmap'].map((kind) => (kind === record?.kind ? record.file : fileOf(kind)));
    const own = record === undefined ? [] : [...(record.on ?? []), record.file];
    const library = [...new Set([...sharedFiles, ...kinds, ...own])].filter((f) => f !== file);
    const documents = withoutReplaced(library.map((f) => parse(pathFiles[f] ?? '', f).document));
    expect(check(document, vocabulary, documents)).toEqual([]);
  });
});

describe('scenarios of the gallery', () => {
  test.each(gallery.map((g) => g.id))('%s compiles', (id) => {
    const result = resolve({ scenario: id, set: {} });
    expect(result).toMatchObject({ ok: true });
    if (!result.ok) return;
    const { program } = result.value;
    // Small enough to run fast; measured 12 to 500 instructions and 6 to 70 registers per thread declaration.
    expect(program.registers).toBeLessThan(200);
    const lines = disassemble(program, vocabulary).split('\n');
    expect(lines.length).toBeGreaterThan(program.code.length / WORDS);
    const steps = stepsOfLine(program, vocabulary);
    for (const t of program.templates) expect(t.init).toHaveLength(program.registers);
    expect([...steps.values()].every((n) => n >= 1)).toBe(true);
  });
});

test('steps of a line', () => {
  const result = resolve({ scenario: 'vm-dead-race', set: {} });
  if (!result.ok) throw new Error('does not compile');
  const { program } = result.value;
  const steps = stepsOfLine(program, vocabulary);
  const lineOf = (file: string, part: string): string => {
    const line = (program.texts[file] ?? '').split('\n').findIndex((l) => l.includes(part)) + 1;
    expect(line).toBeGreaterThan(0);
    return `${file}:${line}`;
  };
  expect(steps.get(lineOf('munmap/vm-dead.kp', 'dead->vm_flags |= VM_DEAD;'))).toBe(2);
  expect(steps.get(lineOf('munmap/vm-dead.kp', 'phase("mark");'))).toBe(1);
  // Private: no step at all.
  expect(steps.get(lineOf('munmap/vm-dead.kp', 'dead = vma;'))).toBeUndefined();
});
