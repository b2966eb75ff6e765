import { describe, expect, test } from 'vitest';
import { Class, objectId, type TraceMeta } from '../event/index.ts';
import { resolve } from '../scenario/index.ts';
import { type Found, find } from './find.ts';

function infoOf(scenario: string): { meta: TraceMeta; texts: Readonly<Record<string, string>> } {
  const result = resolve({ scenario, set: {} });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  const { sites, locks, texts, scenario: plan } = result.value.program;
  const threads = plan.threads.map(({ name, cpu }) => ({ name, cpu, mm: 0, daemon: false }));
  const mms = plan.processes.map(({ name }) => name);
  const meta = { threads, mms, sites, locks, mmapLockLabel: 'mmap_sem' } as unknown as TraceMeta;
  return { meta, texts };
}

const stall = infoOf('munmap-320g-writer');
const many = infoOf('stress-mmap');

function shown(found: readonly Found[]): string[] {
  return found.map(({ target, label }) => `${target.kind} ${label}`);
}

/** What is marked of a label. */
function marked({ label, spans }: Found): string[] {
  return spans.map(([from, to]) => label.slice(from, to));
}

describe('find', () => {
  test('gives the whole name first, then its beginning, a word, a part, and scattered letters', () => {
    const names = ['xab', 'a', 'z ab', 'abc', 'ab', 'a-x-b'];
    const meta = {
      ...stall.meta,
      threads: names.map((name) => ({ name, cpu: 0, mm: 0, daemon: false })),
      sites: [],
      locks: [],
    };
    const threads = find({ meta, texts: {} }, 'AB').filter(({ target }) => target.kind === 'thread');
    expect(threads.map(({ label }) => label)).toEqual(['ab', 'abc', 'z ab', 'xab', 'a-x-b']);
    expect(threads.map(marked)).toEqual([['ab'], ['ab'], ['ab'], ['ab'], ['a', 'b']]);
  });

  test('counts names of threads as people do', () => {
    const labels = find(stall, 'faulter').map(({ label }) => label);
    expect(labels.slice(0, 3)).toEqual(['faulter 0', 'faulter 1', 'faulter 2']);
    expect(labels.indexOf('faulter 10')).toBe(10);
    expect(shown(find(stall, 'faulter 7'))[0]).toBe('thread faulter 7');
    expect(find(stall, 'mapper')[0]?.detail).toMatch(/^CPU \d+$/);
  });

  test('knows a lock by both spellings, by its process, and page-table locks by an address', () => {
    const lock = objectId(Class.MMAP_LOCK, 0);
    for (const query of ['mmap_sem', 'mmap_lock', 'MMAP_L']) {
      expect(find(stall, query)[0]).toMatchObject({ target: { kind: 'lock', lock }, label: 'mmap_sem' });
    }
    expect(find(many, 'mmap_lock/stressor 12')[0]?.target).toEqual({
      kind: 'lock',
      lock: objectId(Class.MMAP_LOCK, 12),
    });
    const table = { kind: 'lock', lock: objectId(Class.TABLE, 1) };
    for (const query of ['0x200000', 'ptl:0x3ff000', 'page table 0x200000']) {
      expect(find(stall, query)[0]?.target).toEqual(table);
    }
    expect(find(many, '0x200000/stressor 3')[0]?.target).toEqual({
      kind: 'lock',
      lock: objectId(Class.TABLE, 3 * 2 ** 20 + 1),
    });
    expect(find(stall, '0x200000/nobody')).toEqual([]);
  });

  test('finds a function where it is declared, before the lines that call it', () => {
    const named = find(stall, 'unmap_vmas');
    expect(named[0]?.target.kind).toBe('function');
    const { target } = named[0] as Found;
    if (target.kind !== 'function') throw new Error(target.kind);
    expect(stall.texts[target.file]?.split('\n')[target.line - 1]).toMatch(/^\w.*unmap_vmas\(.*\{$/);
    expect(named[0]?.detail).toBe(`${target.file}:${target.line}`);
    expect(named.filter((found) => found.target.kind === 'line').length).toBeGreaterThan(0);
  });

  test('finds lines by their text and by their place', () => {
    const lines = find(stall, 'up_write(&mm').filter(({ target }) => target.kind === 'line');
    expect(lines.length).toBeGreaterThan(0);
    for (const { target, label } of lines) {
      if (target.kind !== 'line') continue;
      expect(stall.texts[target.file]?.split('\n')[target.line - 1]?.trim()).toBe(label);
    }
    const { target } = lines[0] as Found;
    if (target.kind !== 'line') throw new Error(target.kind);
    expect(find(stall, `${target.file}:${target.line}`)[0]?.target).toEqual(target);
    const short = `${target.file.split('/').at(-1)}:${target.line}`;
    expect(find(stall, short.toUpperCase())[0]?.target).toEqual(target);
  });

  test('gives nothing for nothing, and never more than anybody reads', () => {
    expect([find(stall, ''), find(stall, '  '), find(stall, 'qqqq~')]).toEqual([[], [], []]);
    expect(find(stall, 'a').length).toBeLessThanOrEqual(40);
    expect(find(stall, 'a').every(({ target }) => target.kind !== 'line')).toBe(true);
  });
});
