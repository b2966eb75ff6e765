import { expect, test } from 'vitest';
import { Class, MMAP_SEQ, type Moment, objectId } from '../event/index.ts';
import { resolve } from '../scenario/index.ts';
import { Simulation } from './simulation.ts';

/** Two threads that fault, and one that maps and unmaps beside them, with a scheme of page faults. */
function momentsOf(fault: string): Moment[] {
  const text = `scenario test "test" {
    extent 50us;
    area big = 64MB;
    daemon thread t[2] on cpu index { at = big.start + index * 2MB; while (1) { touch(at); at = at + 4096; } }
    daemon thread w on cpu 3 { while (1) { a = mmap(1MB); touch(a); munmap(range(a, a + 1MB)); sleep(5us); } }
  }`;
  const resolved = resolve({ scenario: 'test', text, file: 'test.kp', set: { fault, machine: 'small' } });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.diagnostics));
  const { program, machine, choices } = resolved.value;
  const sim = new Simulation(program, machine, choices);
  const moments = [sim.moment()];
  while (sim.run({ untilEvent: sim.events + 1 })) moments.push(sim.moment());
  return moments;
}

test('a fault under mmap_sem has neither sequence counts nor grace periods', () => {
  for (const { sequences, graces, threads, vmas } of momentsOf('mmap-sem')) {
    expect([sequences, graces]).toEqual([undefined, undefined]);
    expect(threads?.some(({ irqsOff }) => irqsOff)).toBe(false);
    expect(vmas?.some(({ writeLocked }) => writeLocked)).toBe(false);
  }
});

test('mmap_seq is odd while mmap_sem is held to write, and a grace period has callbacks', () => {
  const moments = momentsOf('spf-2021');
  const seq = objectId(Class.SEQ, MMAP_SEQ);
  const odd = moments.map(({ sequences }) => (sequences?.find(({ id }) => id === seq)?.value ?? 0) % 2 === 1);
  expect(new Set(odd)).toEqual(new Set([true, false]));
  const writing = moments.map(({ locks }) =>
    locks?.some(({ mode, lock }) => mode === 'write' && lock >>> 28 === 1),
  );
  // The two differ for the record between them at most.
  const differ = odd.filter((is, i) => is !== writing[i]).length;
  expect(differ).toBeLessThan(odd.filter(Boolean).length);
  const grace = moments.flatMap(({ graces = [] }) => graces);
  expect(grace.length).toBeGreaterThan(0);
  for (const { id, callbacks, next } of grace) {
    expect(id).toBe(objectId(Class.GRACE, 0));
    expect((callbacks ?? 0) + next).toBeGreaterThan(0);
  }
});

test('those of VMAs are told while they are odd; interrupts are off in a walk', () => {
  const moments = momentsOf('spf-2014');
  expect(moments.some(({ threads }) => threads?.some(({ irqsOff }) => irqsOff))).toBe(true);
  const told = moments.map(({ sequences = [] }) => sequences);
  expect(told.some((list) => list.length > 0)).toBe(true);
  for (const list of told) for (const { value } of list) expect(value % 2).toBe(1);
});

test('a VMA stays locked for writing when its own lock is free again, until mmap_lock is given back', () => {
  const moments = momentsOf('per-vma-lock-6.4');
  const locked = moments.filter(({ vmas }) => vmas?.some(({ writeLocked }) => writeLocked));
  expect(locked.length).toBeGreaterThan(0);
  const own = (m: Moment): boolean =>
    m.locks?.some(({ lock, mode }) => lock >>> 28 === Class.VMA_LOCK && mode === 'write') ?? false;
  const mmap = (m: Moment): boolean =>
    m.locks?.some(({ lock, mode }) => lock >>> 28 === 1 && mode === 'write') ?? false;
  expect(locked.some((m) => !own(m))).toBe(true);
  expect(locked.every(mmap)).toBe(true);
});
