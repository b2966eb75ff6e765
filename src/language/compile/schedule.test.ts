import { expect, test } from 'vitest';
import { Code, WORDS } from '../bytecode.ts';
import { check, format, parse } from '../index.ts';
import { build, compiled, vocabulary } from '../testing.ts';

/** 'line:col message' of every error. */
function errors(text: string): string[] {
  return build(text).diagnostics.map((d) => `${d.line}:${d.col} ${d.message}`);
}

const FUNCTION = 'shared int n;\nvoid f() { inner: n = 1; atomic { n = 2; deep: n = 3; } }';

/** A scenario with this schedule, in line 3. */
function text(schedule: string): string {
  return `${FUNCTION}
scenario s { schedule { ${schedule} }
  thread a { first: n = 1; second: f(); return; never: n = 2; }
  thread g[12] { here: f(); }
  process p[2] { thread q { mine: n = 1; } thread r[2] { mine: n = 1; } }
}`;
}

test.each([
  ['a to frist;', "3:25 unknown label in the code of a 'frist'; nearest: first"],
  ['a to here;', "3:25 unknown label in the code of a 'here'"],
  ['g[3] to mine;', "3:25 unknown label in the code of g[3] 'mine'"],
  [
    'a to deep;',
    "3:25 no turn can end at label 'deep': it stands in an atomic block, or nothing leads there",
  ],
  [
    'a to never;',
    "3:25 no turn can end at label 'never': it stands in an atomic block, or nothing leads there",
  ],
  ['g to here;', "3:25 unknown thread 'g'; nearest: g[11]"],
  ['g[12] to here;', "3:25 unknown thread 'g[12]'; nearest: g[11]"],
  ['h[1] to here;', "3:25 unknown thread 'h[1]'; nearest: a"],
  ['a[0] to first;', "3:25 unknown thread 'a[0]'; nearest: a"],
  ['q[1][1];', "3:25 unknown thread 'q[1][1]'; nearest: q[1]"],
  ['r[1];', "3:25 unknown thread 'r[1]'; nearest: r[1][1]"],
  ['g[n];', "3:27 'n' is not constant; expected a value that is known before the run"],
  ['g[1 / 2 - 1];', '3:27 the number of a thread is a whole number from 0, found -1'],
  ['a to first 0;', '3:36 how often a label is come to is a whole number from 1, found 0'],
  ['a to end 2;', '3:34 a thread ends only once'],
  ['a; } schedule { a;', '3:30 the schedule is already given'],
])('%s', (schedule, message) => {
  expect(errors(text(schedule))).toEqual([message]);
});

test('turns have their threads, labels and numbers', () => {
  const program = compiled(text('a to second; g[3] to inner 2; q[1] to mine; r[1][2 - 2]; a to end;'));
  const { schedule, threads } = program.scenario;
  expect(schedule.map((t) => [threads[t.thread]?.name, t.mark, t.times])).toEqual([
    ['a', 0, 1],
    ['g 3', 1, 2],
    ['q 1', 2, 1],
    ['r 1 0', -1, 1],
    ['a', -1, 1],
  ]);
  expect(schedule[1]?.place).toEqual({ file: 'main.kp', line: 3, col: 38 });
});

test('only labels that are named leave anything in the code', () => {
  const without = compiled(text(''));
  const plain = compiled(text('').replaceAll(/(first|second|here|mine|inner|deep|never): /g, ''));
  expect(without.code).toEqual(plain.code);
  expect(without.scenario.schedule).toEqual([]);
  const { code } = compiled(text('a to inner;'));
  const marks = [...code.keys()].filter((i) => i % WORDS === 0 && code[i] === Code.MARK);
  // Once in the text of a, once in that of g.
  expect(marks.map((i) => code[i + 1])).toEqual([0, 0]);
  expect(code.length).toBe(plain.code.length + 2 * WORDS);
});

test('a document is checked by itself, as far as its text tells', () => {
  const found = (schedule: string): string[] =>
    check(parse(text(schedule), 'main.kp').document, vocabulary).map(
      (d) => `${d.line}:${d.col} ${d.message}`,
    );
  expect(found('a to second; g[3] to inner; q[0] to end; a;')).toEqual([]);
  expect(found('b to second; a to secnd;')).toEqual([
    "3:25 unknown thread 'b'; nearest: a",
    "3:38 unknown label 'secnd'; nearest: second",
  ]);
  expect(found('a; } schedule { a;')).toEqual(['3:30 the schedule is already given']);
});

test('formatting keeps a schedule', () => {
  const { document } = parse(
    text('a   to second ;g[ 3 ] to inner  2; // why\n q[1] to\nend; r[1][0];'),
    'main.kp',
  );
  expect(format(document)).toContain(`    schedule {
        a to second;
        g[3] to inner 2;                    // why
        q[1] to end;
        r[1][0];
    }
`);
});
