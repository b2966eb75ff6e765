import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page, test } from 'playwright/test';
import { choose, fragment, noComplaints, open, openBaseline, settled, written } from './helpers.ts';

/** Left end of the lanes, and the axis, px in the timeline. */
const GUTTER = 136;
const AXIS_Y = 42;

async function timeline(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.getByRole('region', { name: 'Timeline' }).boundingBox();
  if (box === null) throw new Error('no timeline');
  return box;
}

async function command(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Time view' }).click();
  await page.getByRole('menu').getByText(name, { exact: true }).click();
}

test('threads stand by socket, and a socket folds to one lane and opens by key', async ({ page }) => {
  const check = noComplaints(page);
  await openBaseline(page);
  const options = page.getByRole('listbox', { name: 'Threads' }).getByRole('option');
  const all = await options.count();
  const socket = page.getByRole('button', { name: /^socket 1/ });
  await expect(socket).toHaveAttribute('aria-expanded', 'true');
  await socket.click();
  await expect(socket).toHaveAttribute('aria-expanded', 'false');
  expect(await options.count()).toBeLessThan(all);
  const lane = await socket.boundingBox();
  await page.mouse.move((lane?.x ?? 0) + GUTTER + 200, (lane?.y ?? 0) + 10);
  await expect(page.locator('.tooltip')).toContainText('socket 1');
  await expect(page.locator('.tooltip')).toContainText('wait to read');
  await socket.press('Enter');
  await expect(options).toHaveCount(all);
  check();
});

test('a name is not cut beside free room', async ({ page }) => {
  await open(page, fragment({ scenario: 'vma-lock-writer', set: {} }));
  const cut = (): Promise<string[]> =>
    page
      .locator('.lane-title')
      .evaluateAll((names) =>
        names.filter((n) => n.scrollWidth > n.clientWidth + 1).map((n) => n.textContent ?? ''),
      );
  await expect(page.locator('.lane-title').first()).toHaveText('elsewhere 0');
  expect(await cut()).toEqual([]);
});

test('lanes keep their names when the drawer takes their room: they scroll, by wheel and by key', async ({
  page,
}) => {
  await openBaseline(page);
  const lanes = page.locator('.lanes');
  const names = lanes.locator('.lane-name');
  const last = names.last();
  await last.click();
  await page.getByRole('tab', { name: 'Blame' }).click();
  await settled(page);
  for (const title of await names.locator('.lane-title').all())
    await expect(title).toHaveCSS('display', 'block');
  const lowest = await names.evaluateAll((all) => Math.min(...all.map((name) => name.clientHeight)));
  expect(lowest).toBeGreaterThanOrEqual(10);
  // The selected one is in sight, the first is not.
  await expect(last).toBeInViewport({ ratio: 1 });
  const scrollTop = () => lanes.evaluate((element) => element.scrollTop);
  const end = await scrollTop();
  expect(end).toBeGreaterThan(0);
  // What is pointed at is what stands beside it.
  const beside = async (name: Locator): Promise<void> => {
    const box = await name.boundingBox();
    await page.mouse.move((box?.x ?? 0) + GUTTER + 200, (box?.y ?? 0) + 5);
    await expect(page.locator('.tooltip b')).toHaveText(
      (await name.locator('.lane-title').textContent()) ?? '',
    );
  };
  await beside(last);
  const box = await lanes.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + 60);
  await page.mouse.wheel(0, -1_000);
  await expect.poll(scrollTop).toBe(0);
  await settled(page);
  await beside(names.first());
  // Who has scrolled away stays there while the drawer changes its height.
  await page.getByRole('tab', { name: 'Why' }).click();
  await settled(page);
  expect(await scrollTop()).toBe(0);
  await page.getByRole('listbox', { name: 'Threads' }).focus();
  await page.keyboard.press('ArrowUp');
  await settled(page);
  await expect(page.locator('.lane-name[aria-selected=true]')).toBeInViewport({ ratio: 1 });
  expect(await scrollTop()).toBeGreaterThan(0);
});

test('the address space over time tells what is present and what is dying', async ({ page }) => {
  await openBaseline(page);
  const space = page.getByRole('region', { name: 'Address space over time' });
  await expect(space).toContainText('320 GB');
  const box = await space.boundingBox();
  await page.mouse.move((box?.x ?? 0) + GUTTER + 250, (box?.y ?? 0) + 10);
  await expect(page.locator('.tooltip')).toContainText(
    /320 GB mapped · \d+ % present · 320 GB dead or detached/,
  );
});

test('a drag on the axis measures, a double click zooms into it, and the way back is kept', async ({
  page,
}) => {
  await openBaseline(page);
  const { x, y } = await timeline(page);
  await written(page);
  const url = page.url();
  await page.mouse.move(x + GUTTER + 100, y + AXIS_Y);
  await page.mouse.down();
  await page.mouse.move(x + GUTTER + 200, y + AXIS_Y, { steps: 4 });
  await page.mouse.up();
  await page.mouse.dblclick(x + GUTTER + 150, y + 200);
  await written(page);
  expect(page.url()).not.toBe(url);
  await page.getByRole('button', { name: 'Time view' }).click();
  await expect(page.getByRole('menuitem', { name: 'Show everything' })).toBeEnabled();
  await page.getByRole('menuitem', { name: 'Previous view' }).click();
  await page.getByRole('button', { name: 'Time view' }).click();
  await expect(page.getByRole('menuitem', { name: 'Show everything' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
});

test('a drag with Alt zooms to the span, a pinch zooms at the pointer', async ({ page }) => {
  await openBaseline(page);
  const { x, y } = await timeline(page);
  await written(page);
  const url = page.url();
  await page.keyboard.down('Alt');
  await page.mouse.move(x + GUTTER + 100, y + 200);
  await page.mouse.down();
  await page.mouse.move(x + GUTTER + 300, y + 200, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Alt');
  await written(page);
  const zoomed = page.url();
  expect(zoomed).not.toBe(url);
  // Browsers report a pinch of the touch pad as a turn of the wheel with Ctrl.
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -20);
  await page.keyboard.up('Control');
  await written(page);
  expect(page.url()).not.toBe(zoomed);
});

test('edges are chosen in the menu, which has a mark at the present choice', async ({ page }) => {
  await openBaseline(page);
  await command(page, 'all');
  await page.getByRole('button', { name: 'Time view' }).click();
  await expect(page.getByRole('menuitemradio', { name: 'all', exact: true })).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Escape');
});

test('page tables open, and one is asked for by address', async ({ page }) => {
  await openBaseline(page);
  await page.getByRole('button', { name: 'page tables' }).click();
  await expect(page.locator('.table-finder')).toContainText('none contended in this span');
  const field = page.getByRole('textbox', { name: 'Page table by address' });
  await field.fill('heap');
  await field.press('Enter');
  await expect(page.locator('.table-finder')).toContainText('is no address of this process');
  await field.fill('0x1000');
  await field.press('Enter');
  await expect(page.locator('.table-finder')).toContainText('nobody ever waited');
});

test('the picture is saved as SVG with all lanes and names in it', async ({ page }) => {
  await openBaseline(page);
  await choose(page, 'Scenario', /three threads/);
  const download = page.waitForEvent('download');
  await command(page, 'Save the picture as SVG');
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.svg$/);
  const text = await readFile(await file.path(), 'utf8');
  expect(text.startsWith('<svg ')).toBe(true);
  for (const name of ['unmapper', 'reader', 'faulter', 'mmap_sem', 'page tables', 'heap']) {
    expect(text).toContain(`>${name}</text>`);
  }
});
