import { expect, test } from 'vitest';
import { resolve } from './gallery.ts';

test.each([
  ['munmap-320g-writer', 'every', '6x', 'a number with ns, us, ms or s'],
  ['munmap-320g-writer', 'size', '6x', 'a number with KB, MB or GB'],
  ['big-vma-lock', 'threads', 'many', 'a number'],
  ['page-fault1', 'most_pages', '1e3', 'a number, with a unit if it is a time or a size'],
  ['vm-dead-race', 'CHECK_DEAD', 'off', 'true or false'],
])('what would do for %s %s is said where %s does not', (scenario, key, value, wanted) => {
  const resolution = resolve({ scenario, set: { [key]: value } });
  expect(resolution.ok ? [] : resolution.diagnostics.map(({ message }) => message)).toEqual([
    `'${value}' is no value for ${key}: ${wanted}`,
  ]);
});
