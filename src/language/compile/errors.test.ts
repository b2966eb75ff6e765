import { expect, test } from 'vitest';
import { build, compiled, thread } from '../testing.ts';

/** 'line:col message' of every error. */
function errors(text: string, more: Parameters<typeof build>[1] = {}): string[] {
  const { program, diagnostics } = build(text, more);
  const found = diagnostics.filter((d) => d.severity === 'error');
  expect(program === null).toBe(found.length > 0);
  return found.map((d) => `${d.line}:${d.col} ${d.message}`);
}

/** Errors of a thread's text, which begins at column 25 of line 2. */
function inThread(body: string, outside = ''): string[] {
  return errors(thread(body, outside));
}

test.each([
  ['downgrade_writ(&l);', "2:25 unknown function 'downgrade_writ'; nearest: downgrade_write", 'rwsem l;'],
  ['out(cuont);', "2:29 unknown name 'cuont'; nearest: count", 'shared int count;'],
  ['out(1, 2);', '2:25 out takes 1 argument, found 2', ''],
  ['length();', '2:25 length takes 1 to 2 arguments, found 0', ''],
  ['use(me);', "2:29 't' of use is expected to be tool, found box", ''],
  ['use(5);', "2:29 't' of use is expected to be tool, found int", ''],
  ['out(me);', "2:29 'v' of out is expected to be int, found box", ''],
  ['x = me->valeu;', "2:29 unknown field of box 'valeu'; nearest: value", ''],
  ['me->next = NULL;', "2:25 'next' of box cannot be assigned", ''],
  ['x = 1; x = me;', "2:36 'x' is an int, found box", ''],
  ['b = me; b = 4;', "2:37 'b' is a box, found int", ''],
  ['if (me == 3) out(1);', "2:29 '==' compares box with int; expected one type, or NULL", ''],
  ['x = me + 1;', "2:29 '+' works on numbers, found box", ''],
  ['x = out(1);', '2:29 expected a value, but this returns nothing', ''],
  ['x = range(1, 2) + 1;', '2:29 a range does not fit here; expected one value, such as its .start', ''],
  [
    'out(glance(1));',
    "2:29 'glance' looks without being a step; only costs, wait_until, properties and ghost code may use it",
    '',
  ],
  [
    'wait_until(echo(1));',
    "2:36 'echo' is a step; wait_until can only look (operations marked peek or pure)",
    '',
  ],
  ['out(1); @ unpriced', "2:35 cost 'unpriced' has no price on machine test-machine", ''],
  ['out(cheap);', "2:29 'cheap' is a cost; costs stand behind '@' only", ''],
  ['x = echo(1); @ x', "2:40 'x' gets its value by this statement, but the cost is paid before", ''],
  ['goto out;', "2:25 unknown label 'out'", ''],
  [
    'goto in; for (b in boxes(range(1, 2))) { in: out(1); }',
    "2:25 goto cannot enter a loop over an iterator: label 'in' stands inside of it",
    '',
  ],
  [
    'atomic { wait_until(1); }',
    "2:34 'wait_until' cannot stand in an atomic block: others must run meanwhile",
    '',
  ],
  ['break;', "2:25 'break' outside of a loop", ''],
  ['index = 3;', "2:25 'index' cannot be assigned: it is given to every thread", ''],
  ['SIZE = 3;', "2:25 'SIZE' cannot be assigned: it is a constant", 'const SIZE = 1;'],
  ['g = 3;', "2:25 'g' is a ghost variable; write 'ghost g = ...;'", 'ghost int g;'],
  ['ghost x = 3;', "2:31 'x' is no ghost variable; only those are assigned by 'ghost'", 'shared int x;'],
  ['out(g);', "2:29 'g' is a ghost variable; only properties and ghost statements read it", 'ghost int g;'],
  ['a = 3;', "2:25 'a' is an array; expected a[...]", 'shared int a[2];'],
  ['a[2] = 3;', '2:27 index 2 is outside of a[2]', 'shared int a[2];'],
  ['phase(3);', "2:31 'name' of phase is a name in quotes", ''],
  ['out("x");', '2:29 a string stands only where an operation wants a name', ''],
  ['x = 1 / 0;', '2:29 division by zero', ''],
  ['f(1);', "1:12 unknown type 'strukt'", 'void f(    strukt x) { }'],
  ['struct bx_struct *b;', "2:25 unknown type 'struct bx_struct'; nearest: struct box_struct", ''],
  ['int *p;', '2:25 a pointer to int is not part of this language', ''],
  ['for (b in boxen(range(1, 2))) { }', "2:35 unknown iterator 'boxen'; nearest: boxes", ''],
  ['boxes(range(1, 2));', "2:25 'boxes' is an iterator: for (x in boxes(...))", ''],
  ['x += 1;', "2:25 unknown name 'x'", ''],
])('%s', (body, message, outside) => {
  expect(inThread(body, outside)).toContain(message);
});

test('recursion names the cycle', () => {
  const outside = 'int a(int x) { return b(x); } int b(int x) { return a(x); }';
  expect(inThread('a(1);', outside)).toEqual([
    '1:53 recursion is not possible, calls are inlined: a -> b -> a',
  ]);
});

test('calls too deep, programs too large', () => {
  const chain = (n: number): string =>
    Array.from({ length: n }, (_, k) => `void f${k}() { f${k + 1}(); }`).join(' ');
  expect(inThread('f0();', `${chain(15)} void f15() { out(1); }`)).toEqual([]);
  expect(inThread('f0();', `${chain(16)} void f16() { out(1); }`)[0]).toMatch(
    /calls are nested more than 16 deep: f\d+ -> /,
  );
  const calls = (k: number): string => `void f${k}() { ${`f${k + 1}(); `.repeat(4)} }`;
  const wide = (n: number, body: string): string =>
    [...Array.from({ length: n }, (_, k) => calls(k)), `void f${n}() { ${body} }`].join(' ');
  expect(inThread('f0();', wide(12, 'out(1);'))[0]).toMatch(/more than (65536 instructions|50000 calls)/);
  expect(inThread('f0();', wide(12, ''))[0]).toMatch(/more than 50000 calls/);
});

test('names are one flat space', () => {
  const text = (items: string): string => `${items}\nscenario s { thread t { out(1); } }`;
  expect(errors(text('knob A = 1; shared int A;'))).toContain(
    "1:13 the name 'A' is taken: it is a knob of main.kp, line 1",
  );
  expect(errors(text('number seed = 1;'))).toContain(
    "1:1 the name 'seed' is taken: it is a reserved setting",
  );
  expect(errors(text('number cheap = 1;'))).toContain("1:1 the name 'cheap' is taken: it is a cost");
  expect(errors(text('const PAGE_SIZE = 1;'))).toContain(
    "1:1 the name 'PAGE_SIZE' is taken: it is a constant of the vocabulary",
  );
  expect(errors(text('knob check = 1;'))).toContain("1:1 a knob's name is UPPER_CASE, not 'check'");
  expect(errors(text('number Size = 1;'))).toContain("1:1 a number's name is lower-case, not 'Size'");
  expect(errors(text('void out(int x) { }'))).toContain(
    "1:1 'out' is a word of the vocabulary; a function needs another name",
  );
  expect(errors(text('void f() { } void f() { }'))).toContain(
    "1:14 function 'f' is already defined in main.kp, line 1",
  );
  expect(errors(text('number a = b; number b = a;'))[0]).toMatch(/the value of '[ab]' depends on itself/);
});

test('settings', () => {
  const text = (part: string): string => `knob CHECK = true;\nscenario s { ${part} thread t { out(1); } }`;
  expect(errors(text('set CHEKC = false;'))).toEqual(["2:14 unknown name in set: 'CHEKC'; nearest: CHECK"]);
  expect(errors(text('set CHECK = maybe;'))).toEqual([
    "2:14 expected a number, true or false for knob CHECK, found 'maybe'",
  ]);
  expect(errors(text('set mmapLock = rwsem-3.16; set machine = e5-2680-2s;'))).toEqual([]);
  expect(errors(text(''), { overrides: { CHECKS: 1 } })).toEqual([
    "2:1 unknown name in an override: 'CHECKS'; nearest: CHECK",
  ]);
  expect(errors(text('area a = 0;'))[0]).toBe('2:23 an area has from 1 byte to 1024 TB, found 0 bytes');
  expect(errors(text('area a = 4KB populatd;'))[0]).toBe(
    "2:14 unknown word behind the size of area a 'populatd'; nearest: populated",
  );
  expect(errors(text('schedule { t to end; u; }'))).toEqual(["2:35 unknown thread 'u'; nearest: t"]);
  expect(errors('scenario s expect violation(writer_exclude) { thread t { out(1); } }')[0]).toBe(
    "1:19 unknown invariant 'writer_exclude'; nearest: writer_excludes",
  );
  expect(errors('scenario other { thread t { } }')).toEqual(["1:1 unknown scenario 's'"]);
  expect(errors('scenario s { }')).toEqual(['1:1 scenario s has no threads']);
  expect(errors('scenario s { thread t[5000] { } }')[0]).toMatch(/whole number from 1 to 4096, found 5000/);
});

test('errors hide neither in code that a knob switches off nor in functions that nobody calls', () => {
  expect(inThread('if (OFF) { nonsense(); }', 'knob OFF = false;')).toEqual([
    "2:36 unknown function 'nonsense'",
  ]);
  expect(inThread('out(1);', 'void f() { nonsense(); }')).toEqual(["1:12 unknown function 'nonsense'"]);
  // A local that is declared in a branch which is off is still a local.
  expect(inThread('if (OFF) x = 3; if (OFF) out(x);', 'knob OFF = false;')).toEqual([]);
});

test('one mistake in an inlined function is reported once', () => {
  expect(inThread('f(); f(); f();', 'void f() { nonsense(); }')).toHaveLength(1);
});

test('functions of the document replace those of the library', () => {
  const main = 'int f() { return 2; }\nscenario s { thread t { out(f()); } }';
  const source = (file: string, text: string) => ({ file, text, document: build.parse(text, file) });
  const library = [source('lib.kp', 'int f() { return 1; } int g() { return f(); }')];
  const program = compiled(main, { library });
  expect(program.custom).toEqual(['f']);
  expect(Object.keys(program.texts)).toEqual(['main.kp']);
  const twice = [...library, source('other.kp', 'int g() { return 3; }')];
  expect(errors(main, { library: twice })).toEqual(["1:1 function 'g' is already defined in lib.kp, line 1"]);
  // What a library names is not caught by the names of the document.
  const hygiene = 'number next = 3;\nscenario s { thread t { h(); out(next); } }';
  expect(errors(hygiene, { library: [source('lib.kp', 'int h() { next = 5; return next; }')] })).toEqual([]);
});

test('sites tell file, line, column and call path', () => {
  const program = compiled(
    'int f() {\n  out(1);\n  return 0;\n}\nscenario s {\n  thread t {\n    x = f();\n  }\n}',
  );
  const at = program.sites.findIndex((s) => s.fn === 'f' && s.line === 2);
  expect(program.sites[at]).toMatchObject({ file: 'main.kp', line: 2, col: 3, fn: 'f' });
  expect(program.sites[program.sites[at]?.parent ?? 0]).toMatchObject({
    fn: 't',
    line: 7,
    col: 9,
    parent: 0,
  });
  expect(program.sites[0]).toMatchObject({ file: '', line: 0 });
  expect(program.siteOf).toHaveLength(program.code.length / 4);
});
