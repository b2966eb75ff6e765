import { expect, type Locator, type Page, test } from 'playwright/test';
import { findings } from './axe.ts';
import { choose, fragment, inspector, noComplaints, open, pageFaults, point, settled } from './helpers.ts';

const desktop = {
  scenario: 'page-fault1',
  text: pageFaults(),
  set: { machine: 'skylake-desktop', size: '2MB' },
  at: { t: 1_300_000, ordinal: 0 },
};

function zones(page: Page): Locator {
  return page.getByRole('region', { name: 'Zones at the playhead' });
}

function bars(page: Page, node = 0): Locator {
  return zones(page).getByRole('slider', { name: `Node ${node}: free blocks` });
}

async function readOut(page: Page, cpu: number): Promise<string> {
  await bars(page).focus();
  await page.keyboard.press('ArrowDown');
  for (let i = 0; i < cpu; i++) await page.keyboard.press('ArrowRight');
  const text = (await bars(page).getAttribute('aria-valuetext')) ?? '';
  await bars(page).blur();
  return text;
}

/** Steps until the last record says something. */
async function stepTo(page: Page, words: RegExp): Promise<string> {
  const at = page.getByRole('toolbar', { name: 'Playhead' }).locator('.at');
  for (let i = 0; i < 80 && !words.test(await at.innerText()); i++) {
    await page.keyboard.press('.');
    await settled(page);
  }
  return at.innerText();
}

test('zones have a tab where the allocator has zones, and only there', async ({ page }) => {
  const silent = noComplaints(page);
  await open(page, fragment(desktop));
  await page.getByRole('tab', { name: 'Zones' }).click();
  await settled(page);
  await expect(zones(page).getByRole('region', { name: 'Node 0' })).toContainText(
    /zone_lock\/0.*lru_lock\/0/s,
  );
  await expect(zones(page).getByRole('heading')).toHaveText(
    /^Spinning in 3\.00 ms: zone .*\d %.*LRU .*\d %.*= .*\d %/,
  );
  await choose(page, 'Scenario', /three threads/);
  await expect(page.getByRole('tab', { name: 'Zones' })).toHaveCount(0);
  await expect(page.getByRole('tab', { name: 'Run' })).toHaveAttribute('aria-selected', 'true');
  silent();
});

test('a task is told of its own process-wide lock, not of those of all others', async ({ page }) => {
  await open(page, fragment({ ...desktop, at: { t: 100_000, ordinal: 0 }, thread: 'task 2' }));
  const locks = inspector(page).getByRole('heading', { name: /now$/ });
  await expect(locks).toHaveText(['mmap_sem/task 2 now']);
});

test('a refill fills the list of its CPU, and is marked there', async ({ page }) => {
  await open(page, fragment({ ...desktop, drawer: 'zones' }));
  const said = await stepTo(page, /moves 31 pages from the zone/);
  const cpu = Number(/list of CPU (\d+)/.exec(said)?.[1]);
  expect(await readOut(page, cpu)).toMatch(
    new RegExp(`^CPU ${cpu}\\. 31 of 186 pages, batch 31.*the last step refilled it with 31 pages`),
  );
  // Just before that it was empty.
  await page.keyboard.press(',');
  await settled(page);
  expect(await readOut(page, cpu)).toMatch(new RegExp(`^CPU ${cpu}\\. 0 of 186 pages.*empty`));
});

test('locks and threads lead to what the page says about them', async ({ page }) => {
  await open(page, fragment({ ...desktop, drawer: 'zones' }));
  await zones(page).getByRole('button', { name: 'lru_lock/0' }).click();
  await settled(page);
  await expect(page.getByRole('button', { name: 'Let go of lru_lock/0' })).toBeVisible();
  await bars(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await settled(page);
  await expect(
    page.getByRole('region', { name: 'At the playhead', exact: true }).locator('.who'),
  ).toContainText('task 1');
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`${theme} theme`, () => {
    test.use({ colorScheme: theme, bypassCSP: true });

    test('the zones have no serious finding', async ({ page }) => {
      await open(page, fragment({ ...desktop, drawer: 'zones' }));
      await bars(page).focus();
      expect(await findings(page)).toEqual([]);
    });
  });
}

test('four nodes of 48 CPUs fit, each list within reach of the pointer', async ({ page }) => {
  const set = { machine: 'skylake-ex-4s', size: '1MB' };
  const at = { t: 200_000, ordinal: 0 };
  await open(page, fragment({ ...desktop, text: pageFaults('400us'), set, at, drawer: 'zones' }));
  await expect(zones(page).getByRole('region')).toHaveCount(4);
  const panel = await zones(page).boundingBox();
  const last = await bars(page, 3).boundingBox();
  if (panel === null || last === null) throw new Error('no zones');
  expect(last.y + last.height).toBeLessThanOrEqual(panel.y + panel.height);
  // From the right end to the left until a list is met.
  const tip = zones(page).locator('.tooltip');
  for (let x = last.width - 2; x > 0 && (await tip.count()) === 0; x -= 4)
    await point(page, last.x + x, last.y + 20);
  await expect(tip).toContainText(/CPU 191.*of 186 pages, batch 31/s);
});
