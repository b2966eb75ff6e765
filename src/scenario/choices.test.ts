import { describe, expect, test } from 'vitest';
import { faultSchemes } from '../kernel/fault-schemes.ts';
import { catalogue, strategyKinds } from '../kernel/index.ts';
import { parse } from '../language/index.ts';
import { chosenUnder, galleryChoices } from './choices.ts';
import { gallery, resolve } from './gallery.ts';

const choicesOf = (id: string): (typeof galleryChoices)[number] | undefined =>
  galleryChoices.find((choices) => choices.id === id);

describe('choices of the gallery', () => {
  test.each(gallery.map(({ id }) => id))('%s sets and expects what its parsed text does', (id) => {
    const { document } = parse(gallery.find((entry) => entry.id === id)?.text ?? '', id);
    const scenario = document.items.find((item) => item.kind === 'scenario');
    const sets = scenario?.items.flatMap((item) => (item.kind === 'set' ? [item.key] : []));
    const choices = choicesOf(id);
    expect(choices?.expect).toBe(scenario?.expect?.outcome ?? 'pass');
    expect(Object.keys(choices?.set ?? {})).toEqual(sets);
    const resolved = resolve({ scenario: id, set: {} });
    if (!resolved.ok) throw new Error(id);
    const { choices: chosen } = resolved.value;
    const expected = strategyKinds.map((kind) => [kind, chosen[kind]]);
    expect(chosenUnder(choices?.set ?? {})).toEqual(Object.fromEntries(expected));
  });

  test('the lock generation is that of the munmap, if nothing else is said', () => {
    const munmap = catalogue.find((record) => record.kind === 'munmap' && record.mmapLock !== undefined);
    expect(chosenUnder({ munmap: munmap?.id ?? '' }).mmapLock).toBe(munmap?.mmapLock);
    expect(chosenUnder({ munmap: munmap?.id ?? '', mmapLock: 'rwsem-5.11' }).mmapLock).toBe('rwsem-5.11');
  });
});

describe('win and risk scenarios of the catalogue', () => {
  const pairs = catalogue.flatMap(({ kind, id, win = [], risk = [] }) => [
    ...win.map((scenario) => ({ kind, id, scenario, wins: true })),
    ...risk.map((scenario) => ({ kind, id, scenario, wins: false })),
  ]);

  test.each(pairs)('$scenario chooses $kind $id, and ends as it should', ({ kind, id, scenario, wins }) => {
    const choices = choicesOf(scenario);
    expect(choices).toBeDefined();
    expect(chosenUnder(choices?.set ?? {})[kind]).toBe(id);
    if (wins) expect(choices?.expect).toBe('pass');
    // One that is only slow is about what it sets.
    else if (choices?.expect === 'pass') expect(choices.set[kind]).toBe(id);
  });

  test('none shows both', () => {
    for (const { id, win = [], risk = [] } of catalogue)
      expect([id, win.filter((scenario) => risk.includes(scenario))]).toEqual([id, []]);
  });

  test('every scheme for faults without mmap_sem has both', () => {
    for (const { id, win, risk } of faultSchemes)
      expect([id, (win ?? []).length > 0, (risk ?? []).length > 0]).toEqual([id, true, true]);
  });
});
