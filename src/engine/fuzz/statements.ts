import { calls } from './calls.ts';
import type { Draw } from './draw.ts';
import { address, type Choices, duration, type Place, type Scope } from './scope.ts';
import { sectionsOf } from './sections.ts';
import { around, line, type Node } from './tree.ts';

const quiet: Choices = [
  [6, (d, s) => line(`compute(${duration(d, s)});`)],
  [1, (d) => line(`compute(${d.int(1, 100)});  @ ${d.pick(['40ns', '10ns..300ns', 'exp(200ns)'])}`)],
  [1, (d, s) => line(`${d.pick(s.shared)} += 1;`)],
  [0.5, (d, s) => line(`${d.pick(s.shared)} = ${d.int(0, 3)};  @ 15ns`)],
  [0.3, (d, s) => line(`row[${d.chance(0.05) ? d.pick(s.shared) : `(index + ${d.int(0, 2)}) % 3`}] += 1;`)],
  [0.3, (d) => line(`count("c${d.int(0, 1)}");`)],
  [0.3, (d, s) => line(`${d.pick(s.shared)} += 1;\nghost g += 1;`)],
  [
    0.4,
    (d, s) => {
      const steps = [line(`${d.pick(s.shared)} += 1;`), line(`compute(${d.int(0, 90)});`)];
      return around('atomic {', steps, '}');
    },
  ],
];

const restless: Choices = [
  [4, (d, s) => line(`sleep(${duration(d, s)});`)],
  [1, () => line('cond_resched();')],
  [0.5, (d, s) => around('if (need_resched()) {', [line(`sleep(${duration(d, s)});`)], '}')],
];

/** Something that another thread's doing may bring about, or never. */
function condition(d: Draw, s: Scope): string {
  const sem = d.chance(0.3) ? '&mm->mmap_sem' : `&${d.pick(s.rwsems)}`;
  const of = [
    ...[`${d.pick(s.shared)} > ${d.int(0, 2)}`, `zapped(${address(d, s)})`, `mapped(${address(d, s)})`],
    ...[`!mapped(${address(d, s)})`, `present_in(${d.pick(s.areas).name}) < ${d.int(1, 6)}`],
    ...[`writer(${sem})`, `!writer(${sem})`, `waiters(${sem}) > 0`, `waiters(${sem}) == 0`],
    ...[`readers(${sem}) > ${d.int(0, 2)}`, `readers(${sem}) == 0`],
  ];
  const one = d.pick(of);
  return d.chance(0.2) ? `${one} ${d.pick(['&&', '||'])} ${d.pick(of)}` : one;
}

const blocks: Choices = [
  [
    2,
    (d, s, at) => {
      const i = `i${at.depth}`;
      return around(`for (${i} = 0; ${i} < ${d.int(2, 4)}; ${i}++) {`, some(d, s, deeper(at)), '}');
    },
  ],
  [1, (d, s, at) => around('if (random(2)) {', some(d, s, deeper(at)), '}')],
  [
    // More records than one chunk of a log holds.
    0.003,
    (d, s, at) => {
      const i = `i${at.depth}`;
      return around(
        `for (${i} = 0; ${i} < 25000; ${i}++) {`,
        [line(`${d.pick(s.shared)} += 1;\ncompute(1);`)],
        '}',
      );
    },
  ],
  [0.5, (d, s, at) => around(`if (${d.pick(s.shared)} > ${d.int(0, 1)}) {`, some(d, s, deeper(at)), '}')],
];

function deeper(at: Place): Place {
  return { ...at, depth: at.depth + 1 };
}

const sections = sectionsOf(some);

function statement(d: Draw, s: Scope, at: Place): Node {
  if (s.waits && !at.spinning && d.chance(0.06)) return line(`wait_until(${condition(d, s)});`);
  if (s.alarms && !at.locked && d.chance(0.1)) {
    const alarm = `alarm(${d.chance(0.1) ? '0' : duration(d, s)});`;
    return around(alarm, [d.weighted(d.pick([calls, sections]))(d, s, at)], '');
  }
  const kinds: (readonly [number, Choices])[] = [[4, quiet]];
  // What ends the run for good comes up as well, but seldom.
  if (!at.spinning || d.chance(0.01)) kinds.push([2, restless]);
  if (!at.locked || d.chance(0.01)) kinds.push([6, calls]);
  if (at.depth < 3) kinds.push([at.locked ? 1 : 4, sections], [1, blocks]);
  return d.weighted(d.weighted(kinds))(d, s, at);
}

/** A few statements for the inside of something. */
function some(d: Draw, s: Scope, at: Place): Node[] {
  return Array.from({ length: d.int(at.locked ? 0 : 1, at.depth > 1 ? 2 : 3) }, () => statement(d, s, at));
}

/** The program of one thread. */
export function statements(d: Draw, s: Scope, most: number): Node[] {
  const at: Place = { depth: 0, locked: false, spinning: false, rank: 0 };
  return Array.from({ length: d.int(1, most) }, () => statement(d, s, at));
}
