import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from '../parse.ts';
import { Reference } from '../reference.ts';
import { build, run } from '../testing.ts';

const long = process.env['MMSCOPE_FUZZ'] === 'long';

const names = ['a', 'b', 'c'];
const leaf = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...names) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 9 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('K0', 'K1', 'K5', 'true') },
);

const { expr } = fc.letrec<{ expr: string }>((tie) => ({
  expr: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(
        tie('expr'),
        fc.constantFrom('+', '-', '*', '&', '|', '^', '==', '!=', '<', '<=', '>', '>=', '&&', '||'),
        tie('expr'),
      )
      .map(([l, op, r]) => `(${l} ${op} ${r})`),
    fc.tuple(fc.constantFrom('!', '~', '-'), tie('expr')).map(([op, e]) => `${op}(${e})`),
    fc.tuple(tie('expr'), tie('expr'), tie('expr')).map(([c, x, y]) => `(${c} ? ${x} : ${y})`),
    tie('expr').map((e) => `echo(${e})`),
    fc.tuple(fc.constantFrom('min', 'max'), tie('expr'), tie('expr')).map(([f, x, y]) => `${f}(${x}, ${y})`),
    fc.tuple(fc.constantFrom('f', 'g'), tie('expr'), tie('expr')).map(([f, x, y]) => `${f}(${x}, ${y})`),
  ),
}));

/** Statements; loops take a few turns only, by a counter of their own. */
function statements(inFunction: boolean): fc.Arbitrary<string> {
  const calls = inFunction ? expr.map((e) => e.replaceAll(/\b[fg]\(/g, 'min(')) : expr;
  const { stmts } = fc.letrec<{ stmt: string; stmts: string }>((tie) => ({
    stmt: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc
        .tuple(fc.constantFrom(...names), fc.constantFrom('=', '=', '+=', '-=', '|='), calls)
        .map(([n, op, e]) => `${n} ${op} ${e};`),
      calls.map((e) => `out(${e});`),
      fc.tuple(calls, tie('stmts'), tie('stmts')).map(([c, x, y]) => `if (${c}) { ${x} } else { ${y} }`),
      fc.tuple(calls, tie('stmt')).map(([c, x]) => `if (${c}) ${x}`),
      fc.tuple(calls, tie('stmts')).map(([c, x]) => `{ int n = 3; while (n > 0 && ${c}) { n--; ${x} } }`),
      fc.tuple(calls, tie('stmts')).map(([c, x]) => `{ int m = 0; do { m++; ${x} } while (m < 3 && ${c}); }`),
      tie('stmts').map((x) => `for (int k = 0; k < 3; k++) { out(k); ${x} }`),
      fc
        .tuple(calls, fc.constantFrom('break', 'continue'))
        .map(([c, w]) => `for (int j = 0; j < 4; j++) { if (${c}) ${w}; a += j; }`),
      fc
        .tuple(fc.constantFrom(...names), calls, tie('stmts'))
        .map(([n, e, x]) => `{ int ${n} = ${e}; ${x} }`),
      calls.map((e) => (inFunction ? `if (${e}) return a;` : `out(${e});`)),
      fc.tuple(fc.constantFrom('d', 'e'), calls).map(([n, e]) => `if (b) ${n} = ${e}; `),
      fc.constantFrom('d', 'e').map((n) => `if (c) ${n} = 1; else ${n} = 2; out(${n});`),
    ),
    stmts: fc.array(tie('stmt'), { maxLength: 4 }).map((s) => s.join('\n')),
  }));
  return stmts;
}

const program = fc.tuple(statements(true), statements(true), statements(false), expr).map(
  ([f, g, body, last]) => `
knob K0 = false; knob K1 = true; const K5 = 5;
int f(int a, int b) { int c = a; ${f}
return b; }
int g(int b, int a) { c = 2; ${g}
return c + b; }
scenario s { thread t { a = echo(1); int b = 2, c = 3; ${body}
out(${last}); out(a); out(b); out(c); } }`,
);

test('compiled code does what the tree says', () => {
  let finished = 0;
  fc.assert(
    fc.property(program, (text) => {
      const { document, diagnostics } = parse(text, 'main.kp');
      expect(diagnostics).toEqual([]);
      const scenario = document.items.find((i) => i.kind === 'scenario');
      const thread = scenario?.items.find((i) => i.kind === 'thread');
      const result = build(text);
      const errors = result.diagnostics.filter((d) => d.severity === 'error');
      if (result.program === null) {
        // Only what is too large may be refused.
        expect(errors.map((d) => d.message).join()).toMatch(/more than|too long/);
        return;
      }
      const reference = new Reference(document);
      reference.constants = { K0: 0, K1: 1, K5: 5, true: 1 };
      if (!reference.run(thread?.body.body ?? [])) return;
      const trace = run(result.program);
      expect(trace.ended).toBe('halt');
      expect(trace.out.map((v) => v + 0)).toEqual(reference.out.map((v) => v + 0));
      finished++;
    }),
    { numRuns: long ? 20_000 : 400 },
  );
  expect(finished).toBeGreaterThan(long ? 10_000 : 200);
});
