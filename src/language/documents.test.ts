import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathFiles } from '../kernel/files.ts';
import { check } from './compile/check.ts';
import { compile } from './compile/compile.ts';
import { equalDocuments } from './equal.ts';
import { format } from './format.ts';
import { notesOf } from './notes.ts';
import { MAX_TEXT, parse, scenariosOf } from './parse.ts';
import type { Diagnostic } from './program.ts';
import { input, vocabulary } from './testing.ts';

const long = process.env['MMSCOPE_FUZZ'] === 'long';

/** Random documents as text, for the tests of parser and formatter: every construct, comments anywhere. */

const name = fc.constantFrom('a', 'b', 'vma', 'x_1', 'index', 'exp', 'again', 'thread', 'to', 'start');
const upper = fc.constantFrom('A', 'CHECK_DEAD', 'MAX_2');
const number = fc.constantFrom('0', '7', '5ms', '320GB', '0x1F', '1.5us', 'true');
const text = fc.constantFrom('"x"', '"say \\"no\\""', '"a \\\\ b // no comment"', '""');
const comment = fc.constantFrom(
  ...['// plain', '//: says', '//? asks', '/* block */', '/* two\n   lines */', '//', '/**/', '// @ 5ns; }'],
);

const EXPR_DEPTH = { depthSize: 'small' } as const;
const BINARY = [
  '*',
  '/',
  '%',
  '+',
  '-',
  '<<',
  '>>',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  '&',
  '^',
  '|',
  '&&',
  '||',
];

const { expr } = fc.letrec<{ expr: string }>((tie) => ({
  expr: fc.oneof(
    EXPR_DEPTH,
    fc.oneof(name, upper, number, text),
    fc.tuple(tie('expr'), fc.constantFrom(...BINARY), tie('expr')).map(([l, op, r]) => `${l} ${op} ${r}`),
    fc.tuple(fc.constantFrom('!', '~', '-', '&'), tie('expr')).map(([op, e]) => `${op} ${e}`),
    tie('expr').map((e) => `(${e})`),
    fc.tuple(tie('expr'), tie('expr'), tie('expr')).map(([a, b, c]) => `${a} ? ${b} : ${c}`),
    fc.tuple(name, fc.array(tie('expr'), { maxLength: 3 })).map(([f, args]) => `${f}(${args.join(',')})`),
    fc.tuple(name, fc.constantFrom('->', '.'), name).map(([o, dot, f]) => `${o}${dot}${f}`),
    fc.tuple(tie('expr'), fc.constantFrom('->', '.'), name).map(([o, dot, f]) => `(${o})${dot}${f}`),
    fc.tuple(name, tie('expr')).map(([o, i]) => `${o}[${i}]`),
  ),
}));

const cost = fc.oneof(
  expr,
  fc.tuple(expr, expr).map(([a, b]) => `${a}..${b}`),
  expr.map((e) => `exp(${e})`),
);
const type = fc.constantFrom(
  'int ',
  'unsigned long ',
  'struct vm_area_struct *',
  'vma ',
  'range ',
  'const int ',
  'struct x ',
);
const assign = fc
  .tuple(fc.oneof(name, expr), fc.constantFrom('=', '+=', '|=', '<<=', '&=', '++', '--'), expr)
  .map(([t, op, e]) => (op === '++' || op === '--' ? `${t}${op}` : `${t} ${op} ${e}`));

const { body } = fc.letrec<{ stmt: string; body: string; nested: string }>((tie) => ({
  stmt: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    assign.map((s) => `${s};`),
    expr.map((e) => `${e};`),
    fc.tuple(type, name, expr).map(([t, n, e]) => `${t}${n} = ${e}, c;`),
    fc.tuple(assign, cost).map(([s, c]) => `${s}; @ ${c}\n`),
    fc.constantFrom('break;', 'continue;', 'return;', ';', 'goto out;', 'out:', 'again :'),
    expr.map((e) => `return ${e};`),
    expr.map((e) => `wait_until(${e});`),
    assign.map((s) => `ghost ${s};`),
    fc.tuple(expr, tie('nested')).map(([e, b]) => `if (${e}) ${b}`),
    fc.tuple(expr, tie('nested'), tie('nested')).map(([e, b, c]) => `if (${e}) { ${b} } else ${c}`),
    fc.tuple(expr, tie('nested')).map(([e, b]) => `while (${e}) ${b}`),
    fc.tuple(expr, tie('nested')).map(([e, b]) => `do ${b} while (${e});`),
    fc.tuple(assign, expr, assign, tie('nested')).map(([i, t, n, b]) => `for (${i}; ${t}; ${n}) ${b}`),
    tie('nested').map((b) => `for (int i = 0;;) ${b}`),
    fc.tuple(name, name, expr, tie('nested')).map(([v, it, e, b]) => `for (${v} in ${it}(${e})) ${b}`),
    tie('body').map((b) => `{${b}}`),
    tie('body').map((b) => `atomic {${b}}`),
    fc.tuple(comment, tie('stmt')).map(([c, s]) => `${c}\n${s}`),
    fc.tuple(tie('stmt'), comment).map(([s, c]) => `${s} ${c}\n`),
    tie('stmt').map((s) => `\n\n\n${s}`),
  ),
  nested: fc.oneof(
    { depthSize: 'small' },
    assign.map((s) => `${s};`),
    fc.tuple(assign, comment).map(([s, c]) => `${c}\n${s};`),
    tie('body').map((b) => `{${b}}`),
    fc.tuple(comment, tie('body')).map(([c, b]) => `{ ${c}\n${b}}`),
    fc.tuple(tie('body'), comment).map(([b, c]) => `{${b} ${c}\n}`),
    fc.tuple(expr, tie('nested')).map(([e, b]) => `if (${e}) ${b}`),
  ),
  body: fc.array(tie('stmt'), { maxLength: 4 }).map((s) => s.join('\n')),
}));

const dashed = fc.constantFrom('munmap-320g', 'e5-2680-2s', 'a', 'rwsem-3.16', '5ms', 'false');
const threadText = fc
  .tuple(fc.boolean(), name, fc.option(expr), fc.option(name), fc.option(expr), body)
  .map(([d, n, count, home, cpu, b]) => {
    const group = count === null ? '' : `[${count}]`;
    const inside = home === null ? '' : ` in ${home}`;
    return `${d ? 'daemon ' : ''}thread ${n}${group}${inside}${cpu === null ? '' : ` on cpu ${cpu}`} {${b}}`;
  });
const area = fc
  .tuple(name, expr, fc.boolean())
  .map(([n, e, p]) => `area ${n}[2] = ${e}${p ? ' populated' : ''};`);
const part = fc.oneof(
  fc.tuple(name, dashed).map(([k, v]) => `set ${k} = ${v};`),
  fc.tuple(name, expr, text).map(([n, e, t]) => `number ${n} = (${e}) ${t};`),
  expr.map((e) => `extent ${e};`),
  area,
  threadText,
  fc
    .tuple(name, fc.constantFrom('', '[1]', '[3]'), area, threadText)
    .map(([n, c, a, t]) => `process ${n}${c} { ${a} ${t} }`),
  fc.tuple(name, name).map(([a, b]) => `schedule { ${a} to ${b}; ${b}; }`),
  fc.tuple(name, name, expr).map(([a, b, e]) => `schedule { ${a}[3] to ${b} 2; ${b}[1][${e}] to end; }`),
  comment.map((c) => `${c}\n`),
);

const item = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('int ', 'static void ', 'struct vm_area_struct *', 'bool '),
      name,
      type,
      name,
      body,
    )
    .map(([t, n, pt, p, b]) => `${t}${n}(${pt}${p}, int z) {${b}}`),
  fc
    .tuple(upper, expr, fc.option(comment))
    .map(([n, e, c]) => `knob ${n} = ${e};${c === null ? '' : ` ${c}\n`}`),
  fc.tuple(name, expr, text).map(([n, e, t]) => `number ${n} = ${e} ${t};`),
  fc.tuple(fc.constantFrom('shared', 'ghost'), name, expr).map(([s, n, e]) => `${s} int ${n}[${e}] = ${e};`),
  fc.tuple(name, upper, expr).map(([n, u, e]) => `enum ${n} { ${u}, B = ${e}, };`),
  fc.tuple(upper, expr).map(([n, e]) => `const ${n} = ${e};`),
  name.map((n) => `struct rw_semaphore ${n};`),
  fc
    .tuple(fc.constantFrom('invariant', 'reachable', 'progress'), name, text, expr)
    .map(([p, n, t, e]) => `${p} ${n} ${t}: ${e};`),
  fc
    .tuple(
      dashed,
      text,
      fc.constantFrom('', 'expect pass', 'expect violation(x)'),
      fc.array(part, { maxLength: 5 }),
    )
    .map(([n, t, e, parts]) => `scenario ${n} ${t} ${e} { ${parts.join('\n')} }`),
  comment.map((c) => `${c}\n`),
  fc.constant('\n\n\n'),
);

/** A document that parses without errors, unless two of its words happen to mean something else together. */
const documents: fc.Arbitrary<string> = fc.array(item, { maxLength: 6 }).map((items) => items.join('\n'));

test('a random document keeps its meaning, and formatting twice changes nothing more', () => {
  let tried = 0;
  fc.assert(
    fc.property(documents, (text) => {
      const first = parse(text, 'x.kp');
      if (first.diagnostics.length > 0) return;
      const once = format(first.document);
      const second = parse(once, 'x.kp');
      expect(second.diagnostics).toEqual([]);
      expect(equalDocuments(first.document, second.document)).toBe(true);
      expect(format(second.document)).toBe(once);
      tried++;
    }),
    { numRuns: long ? 50_000 : 1000 },
  );
  expect(tried).toBeGreaterThan(long ? 5000 : 100);
});

/** What must hold for any text at all: it ends, throws nothing, and every message points into the text. */
function survives(text: string): void {
  const { document, diagnostics } = parse(text, 'x.kp');
  const all: Diagnostic[] = [...diagnostics, ...check(document, vocabulary)];
  for (const { name } of [...scenariosOf(document).slice(0, 8), { name: 's' }]) {
    const result = compile(input(text, { main: document, mainFile: 'x.kp', scenario: name }));
    const failed = result.diagnostics.some((d) => d.severity === 'error');
    expect(result.program === null).toBe(failed);
    all.push(...result.diagnostics);
  }
  expect(diagnostics.length).toBeLessThanOrEqual(100);
  notesOf(text);
  format(document);
  const lines = text.split('\n');
  for (const d of all) {
    expect(d.message).not.toBe('');
    expect(Number.isInteger(d.line) && d.line >= 1 && d.line <= lines.length).toBe(true);
    expect(Number.isInteger(d.col) && d.col >= 1 && d.col <= (lines[d.line - 1] ?? '').length + 1).toBe(true);
  }
}

const word = fc.oneof(
  fc.constantFrom(
    ...'{}()[];,:?=+-*/%&|^~!<>.@"#\\\n\t '.split(''),
    '->',
    '//:',
    '/*',
    '*/',
    '..',
    '&&',
    '++',
  ),
  fc.constantFrom(
    'if',
    'else',
    'for',
    'in',
    'while',
    'do',
    'goto',
    'return',
    'atomic',
    'ghost',
    'int',
    'struct',
  ),
  fc.constantFrom(
    'scenario s',
    'thread t',
    'area',
    'set',
    'knob',
    'shared',
    'enum',
    'invariant',
    'wait_until',
    'x',
    '1',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

test('any garbage at all is survived', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 80 }), (words) => survives(words.join(' '))),
    { numRuns: long ? 50_000 : 1000 },
  );
});

test('a document that was broken somewhere is survived', () => {
  const seeds = fc.oneof(documents, fc.constantFrom(...Object.values(pathFiles)));
  const cut = fc.tuple(fc.nat(), fc.nat({ max: 20 }), word);
  fc.assert(
    fc.property(seeds, fc.array(cut, { minLength: 1, maxLength: 3 }), (seed, cuts) => {
      let text = seed;
      for (const [at, n, w] of cuts) {
        const k = at % (text.length + 1);
        text = text.slice(0, k) + w + text.slice(k + n);
      }
      survives(text);
    }),
    { numRuns: long ? 20_000 : 400 },
  );
});

test.each([
  [`int f() { x = ${'('.repeat(500_000)}`, 'nested more than 200'],
  ['int f() {'.repeat(100_000), ''],
  [`int f() ${'{'.repeat(500_000)}`, 'nested more than 200'],
  [`int f() { x = ${'1 + '.repeat(250_000)}1; }`, 'nested more than 200'],
  [`int f() { x = ${'-'.repeat(500_000)}1; }`, ''],
  [`int f() { x = ${'!'.repeat(500_000)}1; }`, 'nested more than 200'],
  [`int f() { x = a${'->b'.repeat(300_000)}; }`, 'nested more than 200'],
  [`int f() { ${'if (1) '.repeat(140_000)}; }`, 'nested more than 200'],
  [`int f() { ${'x = 1; '.repeat(140_000)} }`, ''],
  ['}'.repeat(1_000_000), 'expected a function'],
  ['@'.repeat(1_000_000), 'expected a function'],
  ['/*'.repeat(500_000), 'comment without an end'],
  ['"\n'.repeat(500_000), 'string without an end'],
  ['\u0000\u2028'.repeat(500_000), 'unexpected character'],
  ['knob A = 1; //: x\n'.repeat(50_000), ''],
  [' '.repeat(MAX_TEXT + 1), 'at most 1048576 are read'],
])('large text %#', (text, message) => {
  const start = performance.now();
  const { document, diagnostics } = parse(text, 'x.kp');
  if (message !== '') expect(diagnostics[0]?.message).toContain(message);
  expect(diagnostics.length).toBeLessThanOrEqual(100);
  format(document);
  check(document, vocabulary);
  // Measured 0.1 to 1 s; quadratic time would be minutes.
  expect(performance.now() - start).toBeLessThan(15_000);
});

const inThread = (body: string, outside = ''): string => `${outside}\nscenario s { thread t { ${body} } }`;

/** Full size in the long run only. */
const some = (n: number): number => (long ? n : n / 10);

test.each([
  inThread('out(1); '.repeat(some(100_000))),
  inThread('x = nonsense; '.repeat(some(70_000))),
  inThread(
    Array.from({ length: some(50_000) }, (_, k) => `y = x${k};`).join(''),
    Array.from({ length: some(20_000) }, (_, k) => `knob K${k} = 1;`).join(''),
  ),
  inThread(Array.from({ length: some(20_000) }, (_, k) => `v${k} = echo(${k});`).join('')),
  inThread(Array.from({ length: some(20_000) }, (_, k) => `v${k} = ${k};`).join('')),
  inThread(
    Array.from(
      { length: some(9_000) },
      (_, k) => `l${k}: if (echo(${k})) goto l${(k * 7) % some(9_000)};`,
    ).join(''),
  ),
  inThread('out(echo(1)); @ cheap * glance(1)\n'.repeat(some(12_000))),
  inThread(`x = ${Array.from({ length: 190 }, () => 'sum(1, echo(2), ').join('')}1${')'.repeat(190)};`),
  `scenario s { ${'thread t { out(1); } '.repeat(some(40_000))} }`,
  `scenario s { ${Array.from({ length: some(5_000) }, (_, k) => `thread t${k} { out(1); }`).join('')} }`,
  Array.from({ length: some(20_000) }, (_, k) => `scenario s${k} { thread t { } }`).join(''),
  inThread('', Array.from({ length: some(20_000) }, (_, k) => `invariant i${k}: 1;`).join('')),
  inThread(
    '',
    `${Array.from({ length: some(9_000) }, (_, k) => `number n${k} = n${k + 1};`).join('')}number n${some(9_000)} = 1;`,
  ),
  inThread(
    'f(); '.repeat(100),
    `void f() { ${'nonsense(); '.repeat(200)} ${'if (0) x = y; '.repeat(2000)} }`,
  ),
])('large scenario %#', (text) => {
  const start = performance.now();
  survives(text);
  // Measured below 2 s each.
  expect(performance.now() - start).toBeLessThan(20_000);
});
