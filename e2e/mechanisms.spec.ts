import { expect, type Locator, type Page, test } from 'playwright/test';
import { MODEL_VERSION } from '../src/event/version.ts';
import { catalogue } from '../src/kernel/catalogue.ts';
import { findings } from './axe.ts';
import { noComplaints, open, settled } from './helpers.ts';

const HEAD = `t1.m${MODEL_VERSION}.`;

function row(page: Page, title: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: title, exact: false }) });
}

/** Titles in the order in which they stand. */
async function titles(page: Page): Promise<string[]> {
  return page.locator('.mechanism-title').allInnerTexts();
}

function header(page: Page, name: RegExp): Locator {
  return page.getByRole('columnheader', { name });
}

const ofKind = (kind: string): string[] => catalogue.filter((r) => r.kind === kind).map(({ title }) => title);

test('the address of a source leads there, in a page of its own', async ({ page }) => {
  await open(page);
  await page.getByRole('link', { name: 'Mechanisms' }).click();
  await settled(page);
  await row(page, 'VM_DEAD, zap under').getByRole('button').first().click();
  const source = page.getByRole('link', { name: /^https:/ });
  await expect(source).toHaveText('https://lkml.iu.edu/hypermail/linux/kernel/1806.2/06333.html');
  await expect(source).toHaveAttribute('href', await source.innerText());
  await expect(source).toHaveAttribute('target', '_blank');
  await expect(source).toHaveAttribute('rel', 'noreferrer');
});

test('a person opens the table, sorts and filters it, and the address keeps it', async ({ page }) => {
  const complained = noComplaints(page);
  await open(page);
  await page.getByRole('link', { name: 'Mechanisms' }).click();
  await settled(page);
  // Every record of the catalogue has a row, in its order.
  const catalogued = [...new Set(catalogue.map(({ kind }) => kind))].flatMap(ofKind);
  expect(new Set(await titles(page))).toEqual(new Set(catalogued));
  await expect(page.getByText('Not measured yet')).toHaveCount(catalogue.length);

  const name = header(page, /^Mechanism/);
  await expect(name).toHaveAttribute('aria-sort', 'none');
  await page.getByRole('button', { name: /^Rwsem/ }).click();
  expect(await titles(page)).toEqual(ofKind('mmapLock'));
  await name.getByRole('button').click();
  await expect(name).toHaveAttribute('aria-sort', 'ascending');
  const ascending = await titles(page);
  expect(ascending).not.toEqual(ofKind('mmapLock'));
  expect(new Set(ascending)).toEqual(new Set(ofKind('mmapLock')));
  await name.getByRole('button').click();
  await expect(name).toHaveAttribute('aria-sort', 'descending');
  expect(await titles(page)).toEqual([...ascending].reverse());
  await expect(page).toHaveURL(`/#${HEAD}sort=name&dir=desc&kind=mmapLock`);
  await name.getByRole('button').click();
  await expect(name).toHaveAttribute('aria-sort', 'none');
  expect(await titles(page)).toEqual(ofKind('mmapLock'));

  await page.getByRole('button', { name: /^All \d+$/ }).click();
  await page.getByRole('checkbox', { name: 'By kind' }).uncheck();
  await expect(page.locator('.mechanism-group')).toHaveCount(0);
  await header(page, /^Proposed/)
    .getByRole('button')
    .click();
  await expect(page).toHaveURL(`/#${HEAD}sort=proposed&group=no`);
  const [oldest] = [...catalogue].sort((a, b) => (a.date < b.date ? -1 : 1));
  expect((await titles(page))[0]).toBe(oldest?.title);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await settled(page);
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toBeVisible();
  complained();
});

test('a row is measured, told in full, and leads to its scenarios', async ({ page }) => {
  await open(page, `${HEAD}kind=munmap`);
  const downgrade = row(page, 'Detach, downgrade, zap under read (4.20)');
  const head = await header(page, /^Write hold/).boundingBox();
  await downgrade.getByRole('button', { name: /^Measure/ }).click();
  await settled(page);
  // Held for writing for less than a microsecond, for reading as long as the zap takes.
  await expect(downgrade.getByRole('cell').nth(0)).toHaveText(/^\d+ ns/);
  await expect(downgrade.getByRole('cell').nth(1)).toHaveText(/^\d\d\d ms/);
  await expect(downgrade.getByRole('cell').nth(2)).toHaveText('none');
  await expect(page.getByText('Not measured yet')).toHaveCount(ofKind('munmap').length - 1);
  // Nothing has moved.
  expect(await header(page, /^Write hold/).boundingBox()).toEqual(head);

  const chunked = row(page, '1 GiB sections (v1)');
  await chunked.getByRole('button', { name: /^1 GiB sections/ }).click();
  await expect(page.getByText('reviewers wanted two phases').last()).toBeVisible();
  await expect(page).toHaveURL(`/#${HEAD}kind=munmap&open=munmap.chunked`);
  await chunked.getByRole('link', { name: /^Shows what it breaks: chunk-hole/ }).click();
  await settled(page);
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toContainText('a mapping made in a gap');
  // Back is the table with what was measured, as it was left.
  await page.goBack();
  await settled(page);
  await expect(downgrade.getByRole('cell').nth(0)).toHaveText(/^\d+ ns/);
  await expect(page.getByText('reviewers wanted two phases').last()).toBeVisible();
});

test('what is under way can be ended, and the rest is measured later', async ({ page }) => {
  await open(page, HEAD);
  await page.getByRole('button', { name: /^Measure: \d+ runs$/ }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  await expect(progress.getByRole('status')).toHaveText(/^\d+ of \d+ measured$/);
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(progress).toHaveCount(0);
  await settled(page);
  await page.getByRole('button', { name: /^Measure: \d+ runs?$/ }).click();
  await expect(page.getByRole('button', { name: 'All measured' })).toBeDisabled({ timeout: 50_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a link that cannot be read says so and shows the rest', async ({ page }) => {
  await open(page, `${HEAD}sort=nothing&kind=spinlock`);
  await expect(page.getByRole('alert')).toContainText('left out: sort');
  expect(await titles(page)).toEqual(ofKind('spinlock'));
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`${theme} theme`, () => {
    // The injected checker is not part of the page that the policy protects.
    test.use({ colorScheme: theme, reducedMotion: 'reduce', bypassCSP: true });

    test('the table has no serious finding, and looks as it did', async ({ page }) => {
      await open(page, `${HEAD}kind=munmap&open=munmap.chunked&sort=write&dir=desc`);
      expect(await findings(page)).toEqual([]);
      await page.getByRole('button', { name: /^Measure: / }).click();
      await settled(page);
      expect(await findings(page)).toEqual([]);
      await page.mouse.move(0, 0);
      await expect(page).toHaveScreenshot(`munmap-${theme}.png`);
    });
  });
}
