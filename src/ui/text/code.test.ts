import { expect, test } from 'vitest';
import { codeLines, functionSpan, headNote, leadingNote } from './code.ts';

const TEXT = `// A file.

//: Two lines
//: of prose.
int munmap(range r) {
    down_write(&mm->mmap_sem);              //: Nobody else from here on.
    list = detach(mm, vma); @ detach_vma
    return 0;
}
`;

const kinds = (line: number): string[] =>
  (codeLines(TEXT)[line - 1]?.tokens ?? [])
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, text }) => `${kind} ${text}`);

test('lines keep their numbers, notes are taken out, words have their kinds', () => {
  expect(codeLines(TEXT)).toHaveLength(9);
  expect(kinds(5)).toEqual([
    'keyword int',
    'name munmap',
    'plain (',
    'keyword range',
    'plain r){'.replace('r){', 'r)'),
    'plain {',
  ]);
  expect(kinds(6)).toEqual(['call down_write', 'plain (&mm->mmap_sem);']);
  expect(codeLines(TEXT)[5]).toMatchObject({ indent: 1, noted: true });
  expect(kinds(7).at(-1)).toBe('cost @ detach_vma');
  expect(kinds(3)).toEqual(['comment // Two lines']);
});

test('the function around a line, and the note before it', () => {
  expect(functionSpan(TEXT, 7)).toEqual({ first: 5, last: 9 });
  expect(functionSpan(TEXT, 1)).toEqual({ first: 1, last: 1 });
  expect(leadingNote({ 3: 'Two lines', 4: 'of prose.' }, 5)).toBe('Two lines of prose.');
  expect(leadingNote({}, 5)).toBeNull();
});

test('the head of a document: the sentences that begin in its first line, and no more', () => {
  expect(headNote('// One. Two\n// goes on, mm/memory.c too. Three.\n\nint f() {\n}')).toBe(
    'One. Two goes on, mm/memory.c too.',
  );
  expect(headNote('// One.\n// Two.\n')).toBe('One.');
  expect(headNote('// no end\n//: said of a line\nint f() {\n}')).toBe('no end');
  expect(headNote('int f() {\n}')).toBeNull();
});
