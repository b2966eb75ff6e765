import type { Draw } from './draw.ts';
import { type Choices, duration, type Place, range, type Scope } from './scope.ts';
import { around, line, type Node } from './tree.ts';

/** Words that take a lock and give it back. */
interface Pair {
  readonly take: string;
  readonly give: string;
  readonly spins: boolean;
  /** Place of the lock in the order of locks. */
  readonly rank: number;
}

/** A lock that may be taken here: its name in the text, and its place in the order of locks. */
type Lock = readonly [name: string, rank: number];

function lockOf(
  d: Draw,
  s: Scope,
  at: Place,
  kind: Scope['only'],
  names: readonly string[],
  base: number,
): Lock | undefined {
  if (s.only !== 'any' && s.only !== kind) return undefined;
  const all = names.map((name, i): Lock => [`&${name}`, base + i]);
  const free = s.ordered ? all.filter(([, rank]) => rank > at.rank) : all;
  return free.length === 0 ? undefined : d.pick(free);
}

function rwsem(d: Draw, s: Scope, at: Place): Lock | undefined {
  const names = d.chance(0.3) ? ['mm->mmap_sem', ...s.rwsems] : s.rwsems;
  return lockOf(d, s, at, 'rwsem', names, names.length > s.rwsems.length ? 1 : 2);
}

function spinlock(d: Draw, s: Scope, at: Place): Lock | undefined {
  return lockOf(d, s, at, 'spinlock', s.spinlocks, 200);
}

function mutex(d: Draw, s: Scope, at: Place): Lock | undefined {
  return lockOf(d, s, at, 'mutex', s.mutexes, 100);
}

function words(lock: Lock | undefined, take: string, give: string, spins = false): Pair[] {
  if (lock === undefined) return [];
  const [name, rank] = lock;
  return [{ take: `${take}(${name})`, give: `${give}(${name});`, spins, rank }];
}

/** Some lock to wait for; none where all are taken. */
function pair(d: Draw, s: Scope, at: Place): Pair | undefined {
  const spin = words(spinlock(d, s, at), 'spin_lock', 'spin_unlock', true);
  const sem = rwsem(d, s, at);
  const sleeping = [
    ...words(sem, 'down_read', 'up_read'),
    ...words(sem, d.chance(0.2) ? 'down_write_killable' : 'down_write', 'up_write'),
    ...words(mutex(d, s, at), 'mutex_lock', 'mutex_unlock'),
  ];
  const options = at.spinning && !d.chance(0.02) ? spin : [...spin, ...sleeping];
  return options.length === 0 ? undefined : d.pick(options);
}

/** Some lock that may not be had: a trylock, which may come in any order, or a wait that a signal ends. */
function tries(d: Draw, s: Scope, at: Place): Pair | undefined {
  const anywhere = { ...at, rank: 0 };
  const sem = rwsem(d, s, anywhere);
  const killable = at.spinning ? undefined : rwsem(d, s, at);
  const waits = [
    ...words(killable, '!down_read_killable', 'up_read'),
    ...words(killable, '!down_write_killable', 'up_write'),
    ...words(at.spinning ? undefined : mutex(d, s, at), '!mutex_lock_killable', 'mutex_unlock'),
  ];
  const options = [
    ...waits,
    ...words(sem, 'down_read_trylock', 'up_read'),
    ...words(sem, 'down_write_trylock', 'up_write'),
    ...words(spinlock(d, s, anywhere), 'spin_trylock', 'spin_unlock', true),
    ...words(mutex(d, s, anywhere), 'mutex_trylock', 'mutex_unlock'),
  ];
  const wanted = s.alarms && waits.length > 0 && d.chance(0.7) ? waits : options;
  return wanted.length === 0 ? undefined : d.pick(wanted);
}

function inside(at: Place, rank: number, spins: boolean): Place {
  return {
    depth: at.depth + 1,
    locked: true,
    spinning: at.spinning || spins,
    rank: Math.max(at.rank, rank),
  };
}

/** What stands where no lock is left to take. */
const nothing = (): Node => line('cond_resched();');

type Some = (d: Draw, s: Scope, at: Place) => Node[];

/** Sections that hold locks; `some` makes what stands in them. */
export function sectionsOf(some: Some): Choices {
  return [
    [
      8,
      (d, s, at) => {
        const p = pair(d, s, at);
        if (p === undefined) return nothing();
        return around(`${p.take};`, some(d, s, inside(at, p.rank, p.spins)), p.give);
      },
    ],
    [
      2,
      (d, s, at) => {
        const lock = rwsem(d, s, at);
        if (lock === undefined || at.spinning) return nothing();
        const [sem, rank] = lock;
        const head = `down_write(${sem});\ncompute(${duration(d, s)});\ndowngrade_write(${sem});`;
        return around(head, some(d, s, inside(at, rank, false)), `up_read(${sem});`);
      },
    ],
    [
      4,
      (d, s, at) => {
        const p = tries(d, s, at);
        if (p === undefined) return nothing();
        return around(`if (${p.take}) {`, some(d, s, inside(at, p.rank, p.spins)), `${p.give}\n}`);
      },
    ],
    [1, (d, s, at) => twice(d, s, at, some)],
    [1.5, (d, s, at) => crossed(d, s, at, some)],
    [
      0.4,
      (d, s, at) => {
        if (at.locked) return nothing();
        const head = `for (pt in page_tables(mm, ${range(d, s)})) {\nspin_lock(&pt->ptl);`;
        const tables = around(head, [line(`compute(${duration(d, s)});`)], 'spin_unlock(&pt->ptl);\n}');
        return around('down_read(&mm->mmap_sem);', [tables], 'up_read(&mm->mmap_sem);');
      },
    ],
  ];
}

/** One rwsem twice for reading: a deadlock where a writer queues in between. */
function twice(d: Draw, s: Scope, at: Place, some: Some): Node {
  const lock = rwsem(d, s, at);
  if (lock === undefined || at.spinning || (s.ordered && d.chance(0.8))) return nothing();
  const [sem, rank] = lock;
  const head = `down_read(${sem});\ncompute(${duration(d, s)});\ndown_read(${sem});`;
  const tail = `up_read(${sem});\ncompute(${d.int(1, 50)});\nup_read(${sem});`;
  return around(head, some(d, s, inside(at, rank, false)), tail);
}

/** Several locks taken in one order, spinlocks last, and given back in another. */
function crossed(d: Draw, s: Scope, at: Place, some: Some): Node {
  const drawn = Array.from({ length: d.int(2, 3) }, () => pair(d, s, at)).filter((p) => p !== undefined);
  const pairs = drawn.filter((p, i) => drawn.findIndex((q) => q.rank === p.rank) === i);
  if (pairs.length === 0) return nothing();
  const order = [...pairs].sort((a, b) => (s.ordered ? a.rank - b.rank : Number(a.spins) - Number(b.spins)));
  const head = order.map((p) => `${p.take};`).join(`\ncompute(${d.int(1, 200)});\n`);
  const tail = d.shuffled(pairs.map((p) => p.give)).join('\n');
  const rank = Math.max(...pairs.map((p) => p.rank));
  const spins = pairs.some((p) => p.spins);
  return around(head, some(d, s, inside(at, rank, spins)), tail);
}
