import { expect, type Locator, type Page, test } from 'playwright/test';
import { noComplaints, open, settled } from './helpers.ts';

const divider = (page: Page, name: string): Locator => page.getByRole('separator', { name });

async function place(of: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await of.boundingBox();
  if (box === null) throw new Error('not there');
  return box;
}

/** Whether the bitmap of the lanes is as large as its box: else what is shown is stretched. */
async function sharp(page: Page): Promise<boolean> {
  return page
    .locator('.lanes canvas')
    .evaluate((e) => (e as HTMLCanvasElement).width === Math.round(e.clientWidth * devicePixelRatio));
}

test('panes are drawn by pointer, remembered, and put back by a double click', async ({ page }) => {
  const fine = noComplaints(page);
  await open(page);
  const code = divider(page, 'Width of the code');
  const { x } = await place(code);
  await page.mouse.move(x, 300);
  await page.mouse.down();
  for (let i = 1; i <= 6; i++) {
    await page.mouse.move(x + i * 15, 300);
    expect(await sharp(page)).toBe(true);
  }
  await page.mouse.up();
  await settled(page);
  expect((await place(code)).x).toBeCloseTo(x + 90, -1);
  expect((await place(page.getByRole('region', { name: 'Code', exact: true }))).width).toBeCloseTo(
    x + 90,
    -1,
  );
  await page.reload();
  await settled(page);
  expect((await place(code)).x).toBeCloseTo(x + 90, -1);
  await code.dblclick();
  await settled(page);
  expect((await place(code)).x).toBeCloseTo(x, -1);
  fine();
});

test('panes are moved by arrow keys, which then are not those of the page', async ({ page }) => {
  await open(page);
  const clock = page.locator('.clock');
  const at = await clock.innerText();
  const inspector = divider(page, 'Width of what is at the playhead');
  const { x } = await place(inspector);
  await inspector.focus();
  await page.keyboard.press('ArrowLeft');
  await settled(page);
  expect((await place(inspector)).x).toBeLessThan(x - 10);
  expect(await clock.innerText()).toBe(at);
});

test('the drawer has a height of its own when it is open, and none to draw at when it is a strip', async ({
  page,
}) => {
  await open(page);
  const drawer = divider(page, 'Height of the drawer');
  await expect(drawer).toHaveAttribute('aria-disabled', 'true');
  const strip = (await place(drawer)).y;
  await page.getByRole('tab', { name: 'Blame' }).click();
  await settled(page);
  const first = (await place(drawer)).y;
  expect(first).toBeLessThan(strip - 100);
  await drawer.focus();
  await page.keyboard.press('ArrowUp');
  await settled(page);
  const higher = (await place(drawer)).y;
  expect(higher).toBeLessThan(first);
  await page.getByRole('tab', { name: 'Run' }).click();
  await settled(page);
  expect((await place(drawer)).y).toBe(strip);
  await page.getByRole('tab', { name: 'Statistics' }).click();
  await settled(page);
  expect((await place(drawer)).y).toBeCloseTo(higher, -1);
  await drawer.dblclick();
  await settled(page);
  expect((await place(drawer)).y).toBe(first);
});

for (const [width, height] of [
  [1280, 800],
  [1024, 700],
] as const) {
  test(`nothing overlaps at ${width} by ${height}, however the panes are drawn`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page);
    for (const [name, key] of [
      ['Width of the code', 'End'],
      ['Width of what is at the playhead', 'Home'],
    ] as const) {
      await divider(page, name).focus();
      await page.keyboard.press(key);
      await settled(page);
    }
    const code = await place(page.getByRole('region', { name: 'Code', exact: true }));
    const view = await place(page.getByRole('region', { name: 'Timeline' }));
    const inspector = await place(page.getByRole('region', { name: 'At the playhead', exact: true }));
    const transport = await place(page.getByRole('toolbar', { name: 'Playhead' }));
    expect(code.x + code.width).toBeLessThanOrEqual(view.x + 0.5);
    expect(view.x + view.width).toBeLessThanOrEqual(inspector.x + 0.5);
    expect(inspector.x + inspector.width).toBeLessThanOrEqual(width + 0.5);
    expect(view.width).toBeGreaterThan(390);
    expect(transport.y + transport.height).toBeLessThanOrEqual(view.y + 0.5);
    // What stands in the bar stands side by side.
    const boxes = await page
      .locator('.transport > :not(.break), .top-bar > *')
      .evaluateAll((all) => all.map((e) => e.getBoundingClientRect().toJSON() as DOMRect));
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const apart =
          a.right <= b.left + 0.5 ||
          b.right <= a.left + 0.5 ||
          a.bottom <= b.top + 0.5 ||
          b.bottom <= a.top + 0.5;
        expect(apart, JSON.stringify([a, b])).toBe(true);
      }
    }
  });
}
