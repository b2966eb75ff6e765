import { expect, test } from 'vitest';
import type { Expr, Stmt } from './ast.ts';
import { formatExpr } from './format-expr.ts';
import { notesOf } from './notes.ts';
import { parse, scenariosOf } from './parse.ts';

/** 'line:col message' of every diagnostic. */
function errors(text: string): string[] {
  return parse(text, 'x.kp').diagnostics.map((d) => `${d.line}:${d.col} ${d.message}`);
}

function bodyOf(stmts: string): readonly Stmt[] {
  const { document, diagnostics } = parse(`int f() {\n${stmts}\n}`, 'x.kp');
  expect(diagnostics).toEqual([]);
  const [f] = document.items;
  return f?.kind === 'function' ? f.body.body : [];
}

/** The expression with every pair of parentheses written out. */
function grouped(e: Expr): string {
  if (e.kind === 'binary') return `(${grouped(e.left)} ${e.op} ${grouped(e.right)})`;
  if (e.kind === 'unary') return `(${e.op}${grouped(e.arg)})`;
  if (e.kind === 'cond') return `(${grouped(e.test)} ? ${grouped(e.yes)} : ${grouped(e.no)})`;
  return formatExpr(e);
}

test.each([
  ['a + b * c - d', '((a + (b * c)) - d)'],
  ['a - b - c', '((a - b) - c)'],
  ['a | b & c == d', '(a | (b & (c == d)))'],
  ['a && b || c && d', '((a && b) || (c && d))'],
  ['a << 2 + 1 < b', '((a << (2 + 1)) < b)'],
  ['!a->b & ~c', '((!a->b) & (~c))'],
  ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
  ['-a * -b', '((-a) * (-b))'],
  ['a ^ b | c', '((a ^ b) | c)'],
  ['a != b == c', '((a != b) == c)'],
  ['f(a, b)->c[1].d', 'f(a, b)->c[1].d'],
  ['&mm->mmap_sem', '(&mm->mmap_sem)'],
])('%s binds as in C', (text, wanted) => {
  const [s] = bodyOf(`x = ${text};`);
  expect(s?.kind === 'assign' ? grouped(s.value) : '').toBe(wanted);
});

test('statements know their place', () => {
  const [a, b] = bodyOf('  x = 1;\n  if (x)\n    y = 2;');
  expect(a).toMatchObject({ kind: 'assign', line: 2, col: 3, endLine: 2 });
  expect(b).toMatchObject({ kind: 'if', line: 3, col: 3, endLine: 4, yes: { line: 4, col: 5 } });
});

test('declarations and statements are told apart', () => {
  const kinds = bodyOf(
    'int a; unsigned long b = 1, c; struct x *p; vma v; vma *w = q; a * b; x y; f(x); s: t = 1;',
  ).map((s) => s.kind);
  expect(kinds).toEqual([...Array(5).fill('declare'), 'declare', 'declare', 'expr', 'label', 'assign']);
  const [d] = bodyOf('struct vm_area_struct *vma = NULL, *prev;');
  expect(d).toMatchObject({
    type: { name: 'struct vm_area_struct' },
    names: [{ name: 'vma', pointer: true }, { name: 'prev' }],
  });
});

test('costs follow a statement, on its line or the next', () => {
  const stmts = bodyOf('f(); @ 40ns\ng();\n  @ 1us..2us\nif (x)\n h(); @ exp(2us) \ni();');
  expect(stmts.map((s) => (s.kind === 'if' ? s.yes.cost?.kind : s.cost?.kind))).toEqual([
    'fixed',
    'uniform',
    'exp',
    undefined,
  ]);
});

test.each([
  ['int f() { x = ; }', "1:15 expected a value, found ';'"],
  ['int f() { x = 1 }', "1:16 expected ';' at the end of the statement, found '}'"],
  ['int f() {\n  x = 1\n  y = 2;\n}', "2:8 expected ';' at the end of the statement, found 'y'"],
  ['int f() { if (a = 1) b(); }', "1:17 an assignment is a statement of its own; to compare, write '=='"],
  [
    'int f() { if (a) @ 5ns { } }',
    "1:18 a cost cannot stand behind the condition of if; it follows a statement that ends in ';'",
  ],
  ['int f() { x = (int)y; }', '1:16 casts are not part of this language; leave it out'],
  ['int f() { x = *p; }', '1:15 pointers cannot be followed with *; a field is read with ->'],
  [
    'int f() { sleep(5min); }',
    "1:17 '5min' is no number; units are ns us ms s B KB MB GB TB, the largest value is 2^53",
  ],
  ['int f() { switch (x) { } }', "1:11 'switch' is not part of this language; use if"],
  ['int f() { else x(); }', "1:11 'else' without 'if'"],
  ['int f() { if (x) int y = 1; }', '1:18 a declaration needs braces around it in if'],
  ['int f() { x(', '1:13 expected a value, found the end of the text'],
  ['int f() { x();', "1:15 expected '}' to close the block of line 1, found the end of the text"],
  ['#include <x>', "1:1 unexpected '#': there is no preprocessor here"],
  ['int x = 0;', "1:7 a variable of all threads is declared with 'shared int x'"],
  [
    'scenario s { thred t { } }',
    "1:14 expected set, number, extent, area, thread, daemon, process, schedule or } in the scenario, found 'thred'; nearest: thread",
  ],
  [
    'scenario s expect vilation(x) { }',
    "1:19 expected one of pass, deadlock, stuck, limit, violation after 'expect', found 'vilation'; nearest: violation",
  ],
  ['invariant x "y" z;', "1:17 expected ':' behind the name and the sentence of invariant x, found 'z'"],
  ['int f() { x = "abc; }', "1:15 string without an end; expected '\"' on the same line"],
  ['int f() { /* }', "1:11 comment without an end; expected '*/'"],
])('%s', (text, message) => {
  expect(errors(text)[0]).toBe(message);
});

test('an error costs one statement or one item', () => {
  const text = `int f() { a(); b c d; e(); { if ( } g(); }
int ) bad;
int h() { i(); }
scenario s { set x 1; thread t { j() k(); l(); } area a = 1; }`;
  const { document, diagnostics } = parse(text, 'x.kp');
  expect(diagnostics.map((d) => d.line)).toEqual([1, 1, 2, 4, 4]);
  expect(document.items.map((i) => i.kind)).toEqual(['function', 'function', 'scenario']);
  const scenario = document.items.find((i) => i.kind === 'scenario');
  expect(scenario?.items.map((i) => i.kind)).toEqual(['thread', 'area']);
});

test('scenarios and their raw settings', () => {
  const { document } = parse(
    'scenario a-b "title" expect violation(x) { set mmapLock = rwsem-3.16; set machine = e5-2680-2s; set OFF = false; thread t { } }',
    'x.kp',
  );
  expect(scenariosOf(document)).toMatchObject([
    {
      name: 'a-b',
      title: 'title',
      expect: { outcome: 'violation', invariant: 'x' },
      settings: { mmapLock: 'rwsem-3.16', machine: 'e5-2680-2s', OFF: 'false' },
      place: { file: 'x.kp', line: 1, col: 1 },
    },
  ]);
});

test('notes belong to a line', () => {
  const text = `//: above
int f() {            //? asks
    a();             //: says
    //: first
    //: second

    b(); // plain
}
//: nobody`;
  expect(notesOf(text)).toEqual({
    narration: { 2: 'above', 3: 'says', 7: 'first second' },
    question: { 2: 'asks' },
  });
});

test('the help of a knob is the note behind it', () => {
  const helps = (text: string): string[] =>
    parse(text, 'x.kp').document.items.map((i) => ('help' in i ? i.help : ''));
  expect(helps('knob A = 1; //: one\nknob B = 2;\n//: three\nknob C = 3; // plain')).toEqual(['one', '', '']);
  expect(helps('knob A = 1; knob B = 2; //: two\nnumber n = 5ms "how long";')).toEqual([
    '',
    'two',
    'how long',
  ]);
});
