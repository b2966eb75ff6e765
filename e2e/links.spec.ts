import { readFile } from 'node:fs/promises';
import { expect, test } from 'playwright/test';
import { fragment, momentText, open, settled } from './helpers.ts';

test('a link brings back the same moment, view and selection', async ({ page, context }) => {
  await open(page);
  await page.keyboard.press('c');
  await settled(page);
  for (const key of ['w', 'w', 'w', 'j', 'j', '.', '.']) await page.keyboard.press(key);
  await settled(page);
  await page.waitForTimeout(600);
  const address = page.url();
  const text = await momentText(page);
  const other = await context.newPage();
  await other.goto(address);
  await settled(other);
  expect(await momentText(other)).toBe(text);
  await other.waitForTimeout(600);
  expect(other.url()).toBe(address);
  const lanes = (p: typeof page): Promise<Buffer> => p.locator('.lanes').screenshot();
  await page.mouse.move(0, 0);
  expect((await lanes(other)).equals(await lanes(page))).toBe(true);
});

test('a broken link says what is wrong and the page works', async ({ page }) => {
  await open(page, 'v1.m2.notalink');
  await expect(page.getByRole('alert')).toContainText('damaged');
  await expect(page.getByText('passes, as expected')).toBeVisible();
  await page.getByRole('button', { name: 'Put away' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a link of another model keeps its time and says so', async ({ page }) => {
  await open(page);
  const state = { scenario: 'tiny', set: {}, at: { t: 4_000, ordinal: 0 }, thread: 'faulter' };
  const old = fragment(state, 'v1.m9999');
  await page.goto('about:blank');
  await open(page, old);
  await expect(page.getByText('another version of the model')).toBeVisible();
  await expect(page.locator('.clock')).toContainText('4.000');
});

test('a text with a mistake is shown with its place, and one gets back', async ({ page }) => {
  await open(page);
  const text = 'scenario broken "b" {\n    extent 1ms;\n    thread a on cpu 0 { computee(1us); }\n}\n';
  const link = fragment({ scenario: 'broken', text, set: {} });
  await page.evaluate((to) => {
    location.hash = to;
  }, link);
  await expect(page.getByRole('heading', { name: 'This experiment cannot be built' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText(/:3:\d+/);
  await expect(page.getByRole('alert')).toContainText('compute');
  await page.getByRole('button', { name: 'Back to the last experiment' }).click();
  await settled(page);
  await expect(page.getByText('passes, as expected')).toBeVisible();
});

test('a bad value is refused by name, and the menus still work', async ({ page }) => {
  await open(page);
  const link = fragment({ scenario: 'munmap-320g', set: { munmap: 'basline' } });
  await page.goto('about:blank');
  await open(page, link);
  await expect(page.getByRole('alert')).toContainText('baseline');
  await page.getByRole('banner').getByRole('button', { name: 'Scenario' }).click();
  await page.getByRole('option', { name: /three threads/ }).click();
  await settled(page);
  await expect(page.getByText('passes, as expected')).toBeVisible();
});

test('absurd sizes are refused', async ({ page }) => {
  await open(page);
  const link = fragment({ scenario: 'munmap-320g', set: { size: '9000000GB' } });
  await page.goto('about:blank');
  await open(page, link);
  await expect(page.getByRole('alert')).toBeVisible();
});

/** A document of which a link holds little more than itself: its comment is as random as text can be. */
function longText(letters: number): string {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-';
  let state = 1;
  const sign = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return signs[state % 64] ?? '';
  };
  const head = 'scenario long "a long text" {\n    extent 1ms;\n    thread a on cpu 0 { compute(1us); }\n}\n';
  return `${head}// ${Array.from({ length: letters }, sign).join('')}\n`;
}

test('what is too long for a link is saved as a file that says all of it', async ({ page }) => {
  const linkTo = (letters: number): string =>
    fragment({ scenario: 'long', text: longText(letters), set: { munmap: 'chunked' } });
  let letters = 33_000;
  while (linkTo(letters).length > 32_768) letters -= 10;
  await open(page, linkTo(letters));
  // What the reader adds takes more than the room that is left.
  await page.getByRole('tab', { name: 'Statistics' }).click();
  for (const key of ['End', 'w', 'w', 'e']) await page.keyboard.press(key);
  await settled(page);
  await page.getByRole('button', { name: 'Share' }).click();
  const said = page.getByRole('status').filter({ hasText: 'too long for a link' });
  await expect(said).toContainText('mmscope run long.kp');
  const download = page.waitForEvent('download');
  await said.getByRole('button', { name: 'Save long.kp' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('long.kp');
  const text = await readFile(await file.path(), 'utf8');
  expect(text).toBe(longText(letters).replace('    extent', '    set munmap = chunked;\n    extent'));
});

test('Share copies the address of the present moment', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByText('Link copied')).toBeVisible();
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});
