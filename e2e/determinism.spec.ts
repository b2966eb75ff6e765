import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { fragment, open, settled } from './helpers.ts';

/** The hashes that the command line's tests hold: the same logs, byte for byte, come out of a browser's worker. */
const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../src/cli/golden.json'), 'utf8')) as {
  hashes: Record<string, string>;
};

// A log that is another one now and then is no accident of the machine.
test.describe.configure({ retries: 0 });

for (const name of [
  'munmap-320g munmap=baseline',
  'munmap-320g',
  'vm-dead-race',
  'chunk-neighbour',
  'tiny',
]) {
  test(`${name}: the log is the same as in Node, looked at or not`, async ({ page }) => {
    const [scenario = '', ...sets] = name.split(' ');
    await page.goto('/');
    const link = fragment({ scenario, set: Object.fromEntries(sets.map((s) => s.split('='))) });
    await open(page, link);
    await expect(page.locator('[data-log]')).toHaveAttribute('data-log', golden.hashes[name] ?? 'none');
    // Seeks while it runs again must not change it.
    await page.reload();
    for (let i = 0; i < 5; i++) await page.keyboard.press(i % 2 === 0 ? '.' : 'c');
    await settled(page);
    await expect(page.locator('[data-log]')).toHaveAttribute('data-log', golden.hashes[name] ?? 'none');
  });
}
