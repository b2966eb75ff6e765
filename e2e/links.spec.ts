import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from 'playwright/test';
import { fragment, momentText, open, settled } from './helpers.ts';

/** The address of what the page shows now. */
async function shared(page: Page): Promise<string> {
  await page.bringToFront();
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByText('Link copied')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Put away' }).click();
  return address;
}

test('a link brings back the same moment, view and selection', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await page.keyboard.press('c');
  await settled(page);
  for (const key of ['w', 'w', 'w', 'j', 'j', '.', '.']) await page.keyboard.press(key);
  await settled(page);
  const address = await shared(page);
  const text = await momentText(page);
  const other = await context.newPage();
  await other.goto(address);
  await settled(other);
  expect(await momentText(other)).toBe(text);
  expect(await shared(other)).toBe(address);
  const lanes = (p: typeof page): Promise<Buffer> => p.locator('.lanes').screenshot();
  await page.mouse.move(0, 0);
  await other.mouse.move(0, 0);
  expect((await lanes(other)).equals(await lanes(page))).toBe(true);
});

test('a link brings back folds, edges, tables, lock, line, drawer, measured span and filter', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await page.getByRole('button', { name: /^socket 1/ }).click();
  for (const key of ['e', 't']) await page.keyboard.press(key);
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Find' }).fill('mmap_lock');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Blame' }).click();
  await settled(page);
  await page.getByRole('button', { name: /^faulter 3 waited .* for unmapper/ }).click();
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Find' }).fill('vm-dead.kp:37');
  await page.keyboard.press('Enter');
  const lanes = await page.getByRole('region', { name: 'Timeline' }).boundingBox();
  await page.mouse.move((lanes?.x ?? 0) + 300, (lanes?.y ?? 0) + 42);
  await page.mouse.down();
  await page.mouse.move((lanes?.x ?? 0) + 400, (lanes?.y ?? 0) + 42, { steps: 3 });
  await page.mouse.up();
  await page.mouse.move(0, 0);
  await settled(page);
  const address = await shared(page);
  const other = await context.newPage();
  await other.goto(address);
  await settled(other);
  await expect(other.getByRole('button', { name: /^socket 1/ })).toHaveAttribute('aria-expanded', 'false');
  await expect(other.getByRole('button', { name: 'page tables' })).toHaveAttribute('aria-expanded', 'true');
  await expect(other.getByRole('button', { name: 'Let go of mmap_sem' })).toBeVisible();
  await expect(other.getByRole('tab', { name: 'Blame' })).toHaveAttribute('aria-selected', 'true');
  await expect(other.getByText('Only waits of faulter 3 behind unmapper')).toBeVisible();
  await expect(other.getByRole('list', { name: /^munmap\/vm-dead\.kp/ })).toBeVisible();
  await other.getByRole('button', { name: 'Time view' }).click();
  await expect(other.getByRole('menuitemradio', { name: 'all', exact: true })).toBeChecked();
  await other.keyboard.press('Escape');
  await expect.poll(() => other.url()).toBe(address);
  // What the painters draw, without the letters and signs of the page, which may lie between two pixels.
  const drawn = async (p: typeof page): Promise<string[]> => {
    await p.bringToFront();
    await p.locator('.wordmark').click();
    await settled(p);
    return p
      .getByRole('region', { name: 'Timeline' })
      .locator('canvas')
      .evaluateAll((list) => list.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
  };
  await expect(async () => expect(await drawn(other)).toEqual(await drawn(page))).toPass({ timeout: 20_000 });
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
  await page.getByRole('banner').getByRole('combobox', { name: 'Scenario' }).click();
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
  const address = await shared(page);
  await expect.poll(() => page.url()).toBe(address);
});
