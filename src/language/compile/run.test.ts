import { expect, test } from 'vitest';
import { Code, WORDS } from '../bytecode.ts';
import type { Program } from '../program.ts';
import { compiled, run, type Trace, thread } from '../testing.ts';

/** Output of a thread with this text. */
function out(body: string, outside = ''): number[] {
  const trace = run(compiled(thread(body, outside)));
  expect(trace.ended).toBe('halt');
  return trace.out;
}

function codes(program: Program): number[] {
  return Array.from({ length: program.code.length / WORDS }, (_, k) => program.code[k * WORDS] as number);
}

function steps(body: string, outside = ''): Trace['steps'] {
  return run(compiled(thread(body, outside))).steps;
}

test.each([
  ['out(1 + 2 * 3 - 8 / 3 % 2);', [7]],
  ['out((1 + 2) * 3);', [9]],
  ['out(7 & 3 | 8 ^ 1);', [11]],
  ['out(1 << 4 >> 2);', [4]],
  ['out(-7 / 2);', [-3]],
  ['out(!0 + !5);', [1]],
  ['out(~FLAG & 0xff);', [0xbf]],
  ['out(1 ? 2 : 3);', [2]],
  ['out(min(3, 2) + max(3, 2) * 10);', [32]],
  ['out(round_down(10, 4) + round_up(10, 4) * 100);', [1208]],
  ['out(8 * PAGE_SIZE);', [32_768]],
])('constants: %s', (body, wanted) => {
  expect(out(body)).toEqual(wanted);
  // Folded: nothing is computed at run time.
  expect(codes(compiled(thread(body))).filter((c) => c !== Code.OP && c !== Code.HALT)).toEqual([]);
});

test.each([
  ['x = echo(6); out(x - 1 + x * 2 - x / 4);', [16]],
  ['x = echo(5); y = echo(3); out(min(x, y)); out(max(x, y)); out(max(y, x));', [3, 5, 5]],
  ['x = echo(10); out(round_down(x, 4)); x = round_up(x, 4); out(x);', [8, 12]],
  ['x = echo(-5); x = -x; out(x); out(~x); out(!x);', [5, -6, 0]],
  ['x = echo(1); x <<= 5; x |= 3; x &= ~1; x ^= 8; x -= 2; x *= 3; x %= 50; out(x);', [20]],
  ['x = echo(1); x++; x++; x--; out(x);', [2]],
  [
    'x = echo(2); y = x == 2 && x != 3 || x > 9; out(y); out(!(x < 1 || x >= 2)); y = !y && x; out(y);',
    [1, 0, 0],
  ],
  ['x = echo(0); x = x || !x; out(x); out(x ? 10 : 20); x = x ? x + 1 : 5; out(x);', [1, 10, 2]],
  ['if (likely(echo(1)) && !unlikely(echo(0))) out(1); else out(2);', [1]],
])('values: %s', (body, wanted) => {
  expect(out(body)).toEqual(wanted);
});

test.each([
  ['for (i = 0; i < 3; i++) out(i); out(i);', [0, 1, 2, 3]],
  ['i = 0; while (i < 10) { i++; if (i == 2) continue; if (i > 3) break; out(i); }', [1, 3]],
  ['i = 5; do { out(i); i--; if (i == 3) continue; } while (i > 2);', [5, 4, 3]],
  [
    'for (int i = 0;; i++) { if (i == 2) break; for (int j = 0; j < 2; j++) out(10 * i + j); }',
    [0, 1, 10, 11],
  ],
  ['i = 0; again: out(i); i++; if (i < 3) goto again; goto end; out(99); end: out(7);', [0, 1, 2, 7]],
  ['while (0) out(1); if (0) out(2); else if (1) out(3);', [3]],
  ['for (b in boxes(range(1, 9))) { if (b->value == 20) continue; out(b->val); }', [10, 30]],
  ['for (b in boxes(range(1, 1))) out(1); out(2);', [2]],
  ['for (b in boxes(range(1, 2))) { if (b->next == NULL) break; out(b->next->value); } out(5);', [20, 30, 5]],
])('control: %s', (body, wanted) => {
  expect(out(body)).toEqual(wanted);
});

test('short circuit makes only the steps that count', () => {
  expect(steps('if (echo(0) && echo(1)) out(1);')).toEqual(['echo', 'echo'].slice(0, 1));
  expect(steps('if (echo(1) || echo(1)) out(1);')).toEqual(['echo', 'out']);
  expect(steps('x = echo(1) && echo(0) || echo(0);')).toEqual(['echo', 'echo', 'echo']);
});

test('functions are inlined, with copies only of what they assign', () => {
  const outside = `
    int twice(int x) { return x * 2; }
    int count(int n) { s = 0; while (n > 0) { s += n; n--; } return s; }
    int sign(int x) { if (x < 0) return -1; if (x > 0) return 1; return 0; }
    range widen(range r, int by) { r.start -= by; r.end += by; return r; }
    range swap(range r) { return range(r.end, r.start); }
    bool nothing(void) { }
    void say(range r) { out(r.start); out(r.end); }`;
  expect(out('out(twice(twice(3))); x = echo(4); x = twice(x) + x; out(x);', outside)).toEqual([12, 12]);
  expect(out('n = echo(4); out(count(n)); out(n); out(count(3));', outside)).toEqual([10, 4, 6]);
  expect(out('out(sign(echo(-9))); out(sign(echo(9))); out(sign(echo(0)));', outside)).toEqual([-1, 1, 0]);
  expect(out('range r = range(echo(5), 9); say(widen(r, 2)); say(r); r = swap(r); say(r);', outside)).toEqual(
    [3, 11, 5, 9, 9, 5],
  );
  expect(out('x = echo(3); x = nothing(); out(x);', outside)).toEqual([0]);
  // No instruction but the operations: the parameter is the argument.
  const plain = codes(compiled(thread('x = echo(3); say2(x);', 'void say2(int a) { out(a); out(a); }')));
  expect(plain).toEqual([Code.OP, Code.OP, Code.OP, Code.HALT]);
});

test('a local that a path leaves out is 0, not what a register held before', () => {
  const outside =
    'int f(int k) { if (k) x = 5; return x; } int noise() { a = echo(7); b = echo(8); c = echo(9); return a + b + c; }';
  expect(out('for (i = 0; i < 3; i++) { noise(); out(f(echo(i == 1))); }', outside)).toEqual([0, 5, 0]);
  expect(out('for (i = 0; i < 2; i++) { int x; out(x); x = 9; }')).toEqual([0, 0]);
});

test('a local keeps its value over the turns of a loop', () => {
  const body =
    'for (i = 0; i < 4; i++) { out(echo(i) + echo(100) * 2 + echo(1)); if (i == 1) last = i; if (i >= 1) out(last); }';
  expect(out(body)).toEqual([201, 202, 1, 203, 1, 204, 1]);
});

test('knobs and numbers fold; what is off costs nothing', () => {
  const text = (set: string): string => `
    knob CHECK = true; number size = 2KB "how much";
    scenario s { ${set} thread t { if (CHECK && echo(1)) out(size); else out(-1); } }`;
  expect(run(compiled(text(''))).out).toEqual([2048]);
  expect(run(compiled(text('set CHECK = false;'))).steps).toEqual(['out']);
  expect(run(compiled(text('set size = 5ms;'))).out).toEqual([5e6]);
  expect(run(compiled(text('set size = 5ms;'), { overrides: { size: 3, CHECK: 1 } })).out).toEqual([3]);
  const { scenario } = compiled(text('set size = 1;'));
  expect(scenario.numbers).toEqual([{ name: 'size', value: 1, given: 1, help: 'how much' }]);
  expect(scenario.knobs).toEqual([{ name: 'CHECK', value: 1, given: 1, help: '' }]);
  const { scenario: changed } = compiled(text('set size = 1;'), { overrides: { size: 3, CHECK: 0 } });
  expect(changed.numbers).toMatchObject([{ value: 3, given: 1 }]);
  expect(changed.knobs).toMatchObject([{ value: 0, given: 1 }]);
});

test('shared variables: one access per step', () => {
  const outside = 'shared int x = 3; shared int a[4] = 1; enum state { IDLE, BUSY = 5, GONE };';
  expect(steps('x = x + 1;', outside)).toEqual(['LOAD', 'STORE']);
  expect(steps('x += x;', outside)).toEqual(['LOAD', 'LOAD', 'STORE']);
  expect(run(compiled(thread('x += 4; a[2] = GONE; a[x - 6] += BUSY; out(a[1]);', outside)))).toMatchObject({
    out: [6],
    shared: [7, 1, 6, 6, 1],
  });
  expect(run(compiled(thread('i = echo(4); a[i] = 1;', outside))).ended).toBe('index');
  expect(steps('atomic { x = x + 1; }', outside)).toEqual(['{', 'LOAD', 'STORE', '}']);
});

test('leaving an atomic block ends it', () => {
  const outside = 'shared int x; int f() { atomic { if (x == 0) return 1; x = 2; } return 2; }';
  expect(steps('out(f());', outside)).toEqual(['{', 'LOAD', '}', 'out']);
  expect(steps('while (1) { atomic { x = 1; break; } }', outside)).toEqual(['{', 'STORE', '}']);
  expect(steps('again: atomic { x++; if (x < 2) goto again; }', outside)).toEqual([
    '{',
    'LOAD',
    'STORE',
    'LOAD',
    '}',
    '{',
    'LOAD',
    'STORE',
    'LOAD',
    '}',
  ]);
});

test('ghost statements happen with the step before them', () => {
  const outside = 'ghost int g; rwsem l;';
  expect(steps('down_write(&l); ghost g = 1; ghost g += 1; up_write(&l);', outside)).toEqual([
    ...['{', 'down_write', 'STORE', 'LOAD', 'STORE', '}'],
    'up_write',
  ]);
  expect(run(compiled(thread('down_write(&l); ghost g += 3;', outside))).shared).toEqual([3]);
});

test('wait_until parks, and its cost is paid once', () => {
  const outside = 'shared int x;';
  expect(run(compiled(thread('wait_until(x == 1 && glance(2)); out(1);', outside))).ended).toBe('park');
  const program = compiled(thread('x = 1; wait_until(x); @ 5ns\n out(2);', outside));
  expect(run(program)).toMatchObject({ out: [2], costs: [5] });
  const at = codes(program).indexOf(Code.WAIT);
  const again = program.code[at * WORDS + 1] as number;
  expect(codes(program).slice(again, at)).toEqual([Code.LOAD]);
});

test('costs stand before the last step, computations may be skipped', () => {
  const program = compiled(
    thread('x = echo(3); y = sum(echo(1), x, 2); @ cheap * glance(x) + dear\n out(y);'),
  );
  expect(run(program)).toMatchObject({ out: [6], costs: [1030] });
  const c = codes(program);
  const skip = c.indexOf(Code.COST_CODE);
  const to = program.code[skip * WORDS + 1] as number;
  expect(c[to - 1]).toBe(Code.COST);
  expect(c[to]).toBe(Code.OP);
  // The arguments stand ready before: skipping the computation changes nothing.
  expect(c.slice(skip + 1, to)).not.toContain(Code.HALT);
  expect(run(compiled(thread('out(1); @ dear\n'))).costs).toEqual([1000]);
  expect(
    run(compiled(thread('out(1); @ 0\n out(2); @ exp(2us)\n out(3); @ 1ns..glance(4)\n'))).costs,
  ).toEqual([2000, 1]);
  expect(run(compiled(thread('x = 1; @ 7ns\n out(x);'))).costs).toEqual([7]);
});

test('a cost does not spoil the arguments of its step', () => {
  const body =
    'a = echo(1); b = echo(2); c = echo(3); out(sum(a + 0, b * 2, c * 3)); @ cheap * (glance(a + 5) + glance(b + 6))\n';
  expect(run(compiled(thread(body)))).toMatchObject({ out: [14], costs: [140] });
  const nested =
    'a = echo(1); x = sum(a, sum(a, sum(a, 1, 1), 1), 1); @ glance(a)\n out(x); out(length(range(a, a + 5), 2));';
  expect(run(compiled(thread(nested)))).toMatchObject({ out: [7, 7], costs: [1] });
});

test('where a cost is paid', () => {
  const outside = 'int f(int x) { out(x); return echo(x); } ghost int g;';
  expect(steps('out(sum(echo(1), 2, 3)); @ dear\n', outside)).toEqual(['echo', 'sum', '@', 'out']);
  // The last step of a call is known to the run alone: the first step pays.
  expect(steps('x = f(echo(1)); @ dear\n', outside)).toEqual(['@', 'echo', 'out', 'echo']);
  expect(steps('x = echo(1) ? echo(2) : sum(1, 2, 3); @ dear\n', outside)).toEqual(['@', 'echo', 'echo']);
  expect(steps('x = f(echo(1)); ghost g = 1;', outside)).toEqual(['echo', 'out', 'echo', 'STORE']);
  expect(steps('out(1); @ dear\n ghost g = 1; out(2);', outside)).toEqual([
    '@',
    '{',
    'out',
    'STORE',
    '}',
    'out',
  ]);
});

test('arguments that are calls of the same shape do not disturb each other', () => {
  expect(out('out(sum(1, echo(2), sum(1, echo(3), echo(4))));')).toEqual([11]);
  expect(
    out('a = echo(5); out(sum(1, a, sum(1, echo(a), sum(1, echo(a + 1), sum(1, echo(7), echo(8))))));'),
  ).toEqual([35]);
  expect(
    out('range r = range(echo(1), echo(9)); r = range(r.end, r.start); out(r.start); out(r.end);'),
  ).toEqual([9, 1]);
});

test('fields, aliases, locks', () => {
  expect(out('b = me; out(b->value); b->val |= 1; out(b->next->value);')).toEqual([70, 7, 71, 0]);
  expect(out('down_write(&me->lock); write_lock_it(me->lock); down_write(&me->lock);')).toEqual([
    107, 107, 107,
  ]);
  // The lock of what never changes is found once, before the body.
  const c = codes(compiled(thread('while (1) { down_write(&me->lock); up_write(&me->lock); }')));
  expect(c).toEqual([Code.OP, Code.OP, Code.OP, Code.JMP]);
  expect(out('down_write(&a); down_write(&b);', 'rwsem a; struct rw_semaphore b;')).toEqual([
    0xa0000000, 0xa0000001,
  ]);
  expect(out('struct tool_struct t; use(&t); struct box_struct *b = NULL; if (!b) out(3);')).toEqual([1, 3]);
});

test('entries wrap calls from user text only', () => {
  const outside =
    'int syscall_here(range r) { return length(r); } int user(range r) { return syscall_here(r) + 1; }';
  const program = compiled(thread('out(user(range(3, 10)));', outside));
  expect(program.names).toEqual({ phase: [''], syscall: ['', 'syscall_here'] });
  expect(run(program).out).toEqual([1001, 3, 10, 2001, 7, 8]);
  const inner = 'int syscall_here(range r) { return 1; } void again() { syscall_here(range(1, 2)); }';
  expect(run(compiled(thread('again();', inner))).out).toEqual([1001, 1, 2, 2001, 1]);
});

test('areas and groups', () => {
  const text = `scenario s {
    area one = 8 * PAGE_SIZE populated; area row[3] = 2MB;
    daemon thread g[3] on cpu 1 + index { out(row[index].end - row[index].start); out(row[index].start); out(row[1].start); }
    thread t[5] { x = row[index]; out(x.start); }
    thread u { out(one.start); out(one.end); } }`;
  const program = compiled(text);
  expect(program.scenario.processes).toEqual([
    {
      name: 'app',
      areas: [
        { name: 'one', startByte: 0x200000, bytes: 32_768, flags: ['populated'] },
        ...[0, 1, 2].map((k) => ({
          name: `row[${k}]`,
          startByte: 0x400000 + k * 0x200000,
          bytes: 0x200000,
          flags: [],
        })),
      ],
    },
  ]);
  expect(program.scenario.threads.slice(0, 4)).toEqual([
    { name: 'g 0', template: 0, index: 0, cpu: 1, process: 0, daemon: true },
    { name: 'g 1', template: 0, index: 1, cpu: 2, process: 0, daemon: true },
    { name: 'g 2', template: 0, index: 2, cpu: 3, process: 0, daemon: true },
    { name: 't 0', template: 1, index: 0, cpu: null, process: 0, daemon: false },
  ]);
  expect(run(program, 0, 2).out).toEqual([0x200000, 0x800000, 0x600000]);
  expect(run(program, 1, 1).out).toEqual([0x600000]);
  // Five threads, three areas: the fourth thread's index is outside.
  expect(run(program, 1, 3).ended).toBe('index');
  expect(run(program, 2).out).toEqual([0x200000, 0x208000]);
});

test('copies of a process', () => {
  const { scenario } = compiled(`
  scenario s "copies" {
    process p[3] { area x = (index + 1) * 4KB; thread a on cpu index { out(x.end - x.start); out(index); } thread b[2] { } }
    thread c in q { }
    process q { }
  }`);
  expect(scenario.processes.map((p) => [p.name, p.areas.map((a) => a.bytes)])).toEqual([
    ['p 0', [4096]],
    ['p 1', [8192]],
    ['p 2', [12_288]],
    ['q', []],
  ]);
  expect(scenario.threads.map((t) => [t.name, t.process, t.index, t.cpu])).toEqual([
    ['a 0', 0, 0, 0],
    ['b 0 0', 0, 0, null],
    ['b 0 1', 0, 1, null],
    ['a 1', 1, 1, 1],
    ['b 1 0', 1, 0, null],
    ['b 1 1', 1, 1, null],
    ['a 2', 2, 2, 2],
    ['b 2 0', 2, 0, null],
    ['b 2 1', 2, 1, null],
    ['c', 3, 0, null],
  ]);
});

test('processes', () => {
  const text = `scenario s "title" expect violation(writer_excludes) {
    extent 20s;
    process a { area x = 4KB; thread t1 { out(x.start); } }
    process b { area x = 8KB; thread t2 in_ { } }
    thread t3 in b { out(x.end); }
  }`.replace(' in_ ', ' ');
  const { scenario } = compiled(text);
  expect(scenario.processes.map((p) => p.name)).toEqual(['a', 'b']);
  expect(scenario.threads.map((t) => [t.name, t.process])).toEqual([
    ['t1', 0],
    ['t2', 1],
    ['t3', 1],
  ]);
  expect(scenario).toMatchObject({
    extentNs: 20e9,
    title: 'title',
    expect: { outcome: 'violation', invariant: 'writer_excludes' },
  });
});

test('properties', () => {
  const program = compiled(
    thread(
      'x = 1;',
      'shared int x; shared int a[2]; invariant small "x stays small": x + a[1] < 5 && glance(1);',
    ),
  );
  const [p] = program.properties;
  expect(p).toMatchObject({
    kind: 'invariant',
    name: 'small',
    sentence: 'x stays small',
    place: { file: 'main.kp', line: 1 },
  });
  expect(codes(program).slice(p?.entry)).toContain(Code.RESULT);
  expect(codes(program).at(-1)).toBe(Code.RESULT);
});
