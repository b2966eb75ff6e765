import { describe, expect, test } from 'vitest';
import { lockWords, vocabulary } from '../kernel/index.ts';
import { resolve } from '../scenario/index.ts';
import { Held, holdsOfSites } from './holds.ts';
import { severalSteps } from './inspect.ts';
import type { Program } from './program.ts';

const { NONE, READ, WRITE, SPIN, NO_SPIN } = Held;
const HEAD = 'set machine = small; extent 1ms;';

function compiled(scenario: string, set: Record<string, string> = {}, text?: string): Program {
  const result = resolve({
    scenario,
    set,
    ...(text === undefined ? {} : { text, file: 'test.kp' }),
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value.program;
}

/** What may be held at the lines of a file that contain a text, one list entry per call that reaches them. */
function heldAt(program: Program, file: string, part: string, nth = 0): number[] {
  const lines = (program.texts[file] ?? '').split('\n').flatMap((l, i) => (l.includes(part) ? [i + 1] : []));
  const holds = holdsOfSites(program, vocabulary, lockWords);
  const seen = new Map<number, number>();
  for (const [i, site] of program.sites.entries()) {
    if (site.file === file && site.line === lines[nth]) seen.set(site.parent, holds[i] ?? 0);
  }
  return [...new Set(seen.values())];
}

test('every word that takes a lock is known, and no other', () => {
  const locks = new Set(vocabulary.types.flatMap((t) => (t.lock === undefined ? [] : [t.name]))).add(
    'rwlock',
  );
  const takes = (name: string): boolean => /^vma_(refcount|enter|exit)_/.test(name);
  const steps = vocabulary.ops.filter(
    (o) => o.kind === 'step' && (locks.has(o.params[0]?.type ?? '') || takes(o.name)),
  );
  expect(
    new Set(steps.map(({ name }) => name).filter((n) => n !== 'rwsem_is_contended' && n !== 'prefetchw')),
  ).toEqual(new Set(Object.keys(lockWords)));
});

describe('locks along the paths of the kernel', () => {
  test('vm-dead: write, a gap, read, a gap, write', () => {
    const program = compiled('munmap-320g-writer', { munmap: 'vm-dead' });
    const at = (part: string, nth = 0): number[] => heldAt(program, 'munmap/vm-dead.kp', part, nth);
    expect(at('down_write(&mm->mmap_sem);')).toEqual([NONE | NO_SPIN]);
    expect(at('phase("mark")')).toEqual([WRITE | NO_SPIN]);
    expect(at('down_read(&mm->mmap_sem);')).toEqual([NONE | NO_SPIN]);
    expect(at('zap_page_range(r);')).toEqual([READ | NO_SPIN]);
    // A signal may have kept it from the lock: the way out holds none, the way on holds it.
    expect(at('return -EINTR;')).toEqual([NONE | NO_SPIN]);
    expect(at('phase("free")')).toEqual([WRITE | NO_SPIN]);
  });

  test('a downgraded hold is one for reading', () => {
    const program = compiled('munmap-320g-writer', { munmap: 'downgrade' });
    expect(heldAt(program, 'munmap/downgrade.kp', 'downgrade_write(')).toEqual([WRITE | NO_SPIN]);
    expect(heldAt(program, 'munmap/downgrade.kp', 'unmap_region(')).toEqual([READ | NO_SPIN]);
  });

  test('the result of a trylock decides; a page-table lock is held beside it', () => {
    const program = compiled('munmap-320g-writer');
    const at = (part: string): number[] => heldAt(program, 'fault/mmap-sem.kp', part);
    expect(at('down_read(&mm->mmap_sem);')).toEqual([NONE | NO_SPIN]);
    expect(at('find_vma(mm, address)')).toEqual([READ | NO_SPIN]);
    expect(at('return do_anonymous_page(')).toEqual([READ | NO_SPIN]);
    expect(at('set_pte(pt, address, page, vma->vm_flags)')).toEqual([READ | SPIN]);
    expect(at('return -SIGSEGV;                        //: No VMA')).toEqual([NONE | NO_SPIN]);
  });

  test.each(['6.4', '6.15'])(
    'per-VMA locks of %s: held to read from the trylock on, to write behind mmap_lock',
    (version) => {
      const program = compiled('munmap-320g-writer', { fault: `per-vma-lock-${version}` });
      const file = `fault/per-vma-lock-${version}.kp`;
      const at = (part: string, nth = 0): number[] => heldAt(program, file, part, nth);
      expect(at('rcu_read_lock();')).toEqual([NONE | NO_SPIN]);
      expect(at('if (vma->vm_start > address)', 1)).toEqual([READ | NO_SPIN]);
      expect(at('return vma;')).toEqual([READ | NO_SPIN]);
      expect(at('return NULL;')).toEqual([NONE | NO_SPIN]);
      expect(at('vma->vm_lock_seq = mm->mm_lock_seq;')).toEqual([WRITE | NO_SPIN]);
      expect(heldAt(program, 'fault/per-vma-lock.kp', 'handle_mm_fault')).not.toContain(NONE | NO_SPIN);
    },
  );

  test('a rwlock is held like a spinlock, beside mmap_sem or without it', () => {
    const program = compiled('munmap-320g-writer', { fault: 'spf-2018' });
    const at = (part: string, nth = 0): number[] => heldAt(program, 'fault/spf-2018.kp', part, nth);
    expect(at('read_lock(&mm->mm_rb_lock);')).toEqual([NONE | NO_SPIN]);
    expect(at('vma = find_vma(mm, address);')).toEqual([NONE | SPIN]);
    expect(at('return vma;')).toEqual([NONE | NO_SPIN]);
    expect(at('write_lock(&mm->mm_rb_lock);')).toEqual([WRITE | NO_SPIN]);
    expect(at('write_unlock(&mm->mm_rb_lock);')).toEqual([WRITE | SPIN]);
  });

  test('chunked: the end of a section may or may not drop the lock, and has it again', () => {
    const program = compiled('munmap-320g-writer', { munmap: 'chunked' });
    const at = (part: string): number[] => heldAt(program, 'munmap/chunked.kp', part);
    expect(at('cond_resched();')).toEqual([NONE | NO_SPIN]);
    expect(at('start = end;')).toEqual([WRITE | NO_SPIN]);
  });
});

test('where paths differ, both are there; another lock of the same kind is no mistake', () => {
  const text = `rwsem a;
rwsem b;
scenario s "s" { ${HEAD}
    thread t {
        down_read(&a);
        down_write(&b);
        up_write(&b);
        compute(1us);
        if (rwsem_is_contended(&a))
            up_read(&a);
        compute(2us);
        compute(3us);
    }
}`;
  const program = compiled('s', {}, text);
  expect(heldAt(program, 'test.kp', 'compute(1us)')).toEqual([READ | NO_SPIN]);
  expect(heldAt(program, 'test.kp', 'up_write(&b)')).toEqual([WRITE | NO_SPIN]);
  expect(heldAt(program, 'test.kp', 'compute(2us)')).toEqual([NONE | READ | NO_SPIN]);
});

test('the steps of a line that takes several', () => {
  const text = `shared int x = 0;
scenario s "s" { ${HEAD}
    thread t {
        x += 1;
        x = 2;
    }
}`;
  const steps = severalSteps(compiled('s', {}, text), vocabulary);
  expect(steps.map((list) => list.map(({ what }) => what))).toEqual([['read x', 'write x']]);
});
