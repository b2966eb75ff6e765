import fc from 'fast-check';

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
  fc.tuple(name, area, threadText).map(([n, a, t]) => `process ${n} { ${a} ${t} }`),
  fc.tuple(name, name).map(([a, b]) => `schedule { ${a} to ${b}; ${b}; }`),
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
export const documents: fc.Arbitrary<string> = fc
  .array(item, { maxLength: 6 })
  .map((items) => items.join('\n'));
