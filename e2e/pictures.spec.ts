import { expect, type Locator, type Page, test } from 'playwright/test';
import { fragment, inspector, open, pageFaults, settled } from './helpers.ts';

/**
 * What the page looks like, from addresses alone. Letters differ a little from browser to browser, hence the tolerance of
 * these pictures; what the painters write is compared to the pixel beside them (src/ui/paint/pictures.test.ts).
 */

type Part = 'page' | 'lanes' | 'code' | 'inspector' | 'drawer';

interface Picture {
  readonly name: string;
  readonly state: unknown;
  readonly parts: readonly Part[];
}

const tiny = (name: string, t: number, thread: string): Picture => ({
  name: `tiny-${name}`,
  state: { scenario: 'tiny', set: { munmap: 'downgrade' }, at: { t, ordinal: 1 }, thread },
  parts: ['lanes', 'code'],
});

const PICTURES: readonly Picture[] = [
  { name: 'stall', state: null, parts: ['page'] },
  {
    name: 'wait',
    state: {
      scenario: 'munmap-320g-writer',
      set: { munmap: 'downgrade', every: '6s' },
      at: { t: 12e9, ordinal: 1 },
      view: { from: 5e9, to: 19e9 },
      thread: 'faulter 3',
      drawer: 'why',
    },
    parts: ['lanes', 'inspector', 'drawer'],
  },
  tiny('queues', 5_812, 'faulter'),
  tiny('detaches', 7_820, 'unmapper'),
  tiny('downgrades', 7_827, 'unmapper'),
  tiny('reads-on', 13_865, 'faulter'),
  {
    name: 'violation',
    state: { scenario: 'vm-dead-race', set: { CHECK_DEAD: 'false' } },
    parts: ['lanes', 'drawer'],
  },
  {
    name: 'zone',
    state: {
      scenario: 'page-fault1',
      text: pageFaults(),
      set: { machine: 'skylake-desktop', size: '2MB' },
      at: { t: 649_982, ordinal: 1 },
      view: { from: 560_000, to: 760_000 },
      drawer: 'zones',
    },
    parts: ['lanes', 'drawer'],
  },
  {
    name: 'zones',
    state: {
      scenario: 'page-fault1',
      text: pageFaults('400us'),
      set: { machine: 'skylake-ex-4s', size: '1MB' },
      at: { t: 200_000, ordinal: 0 },
      drawer: 'zones',
    },
    parts: ['drawer'],
  },
  { name: 'deadlock', state: { scenario: 'read-twice', set: {} }, parts: ['page'] },
];

function partOf(page: Page, part: Exclude<Part, 'page'>): Locator {
  switch (part) {
    case 'lanes':
      return page.getByRole('region', { name: 'Timeline' });
    case 'code':
      return page.getByRole('region', { name: 'Code', exact: true });
    case 'inspector':
      return inspector(page);
    case 'drawer':
      return page.locator('.drawer');
  }
}

test.use({ colorScheme: 'dark', reducedMotion: 'reduce' });

for (const { name, state, parts } of PICTURES) {
  test(`picture: ${name}, in dark and in light`, async ({ page }) => {
    await open(page, state === null ? '' : fragment(state));
    for (const theme of ['dark', 'light'] as const) {
      if (theme === 'light') await page.getByRole('button', { name: 'Light theme' }).click();
      await page.mouse.move(0, 0);
      await settled(page);
      for (const part of parts) {
        if (part === 'page') await expect(page).toHaveScreenshot(`${name}-${theme}.png`);
        else await expect(partOf(page, part)).toHaveScreenshot(`${name}-${part}-${theme}.png`);
      }
    }
  });
}
