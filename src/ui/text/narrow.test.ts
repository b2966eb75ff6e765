import { describe, expect, test } from 'vitest';
import { scenarios } from '../../store/scenarios.ts';
import { strategyMenus } from '../../store/strategies.ts';
import { narrowed, UNFILTERED } from './narrow.ts';

const LIST = [
  { id: 'a', title: 'Detach, then downgrade', detail: 'downgrade · Yang Shi, 2018' },
  { id: 'b', title: 'Hold it all the way', detail: 'baseline' },
  { id: 'c', title: 'faulter 12' },
];

function ids(query: string): string[] {
  return narrowed(LIST, query).map(({ id }) => id);
}

describe('a list that is narrowed', () => {
  test('is whole where nothing was typed', () => {
    expect(narrowed(LIST, '')).toBe(LIST);
    expect(narrowed(LIST, ' \t ')).toBe(LIST);
  });

  test('keeps what has all the words, in any order, in title or detail', () => {
    expect(ids('DOWN')).toEqual(['a']);
    expect(ids('2018 detach')).toEqual(['a']);
    expect(ids('  base   hold ')).toEqual(['b']);
    expect(ids('12')).toEqual(['c']);
    expect(ids('hold detach')).toEqual([]);
  });

  test('takes parts of words in titles, and only beginnings in details', () => {
    const list = [
      { title: 'Queued spinlock', detail: 'qspinlock' },
      { title: 'Retry', detail: 'disk-retry · Michel Lespinasse' },
      { title: 'rwsem', detail: 'rwsem-3.10 · spinning came in 3.16' },
    ];
    expect(narrowed(list, 'spin').map(({ title }) => title)).toEqual(['Queued spinlock', 'rwsem']);
    expect(narrowed(list, 'retry les')).toEqual([list[1]]);
    expect(narrowed(list, '3.16 10')).toEqual([list[2]]);
    expect(narrowed(list, 'ock')).toEqual([list[0]]);
  });

  test('keeps its order', () => {
    expect(ids('t')).toEqual(['a', 'b', 'c']);
  });

  test('finds no word across title and detail', () => {
    expect(ids('waybase')).toEqual([]);
    expect(ids('downgradedowngrade')).toEqual([]);
  });

  test('takes signs as they are', () => {
    expect(ids('.*')).toEqual([]);
    expect(narrowed([{ title: 'a (b) [c' }], '[c (b')).toHaveLength(1);
  });

  test('finds every scenario and strategy by its id, and every scenario by its title', () => {
    expect(scenarios.length).toBeGreaterThan(UNFILTERED);
    for (const one of scenarios) {
      expect(narrowed(scenarios, one.id)).toContain(one);
      expect(narrowed(scenarios, one.title)).toContain(one);
    }
    for (const { choices } of strategyMenus) {
      for (const one of choices) expect(narrowed(choices, one.id)).toContain(one);
    }
  });
});
