import { createRequire } from 'node:module';
import { expect, type Locator, type Page, test } from 'playwright/test';
import { choose, noComplaints, openBaseline, pick, settled } from './helpers.ts';

async function openTab(page: Page, name: string): Promise<Locator> {
  await page.getByRole('tab', { name, exact: true }).click();
  await settled(page);
  return page.getByRole('tabpanel', { name, exact: true });
}

const clock = (page: Page): Locator => page.locator('.clock');

test('a wait is told from its request to its end, and every name in it leads somewhere', async ({ page }) => {
  const check = noComplaints(page);
  await openBaseline(page);
  const panel = await openTab(page, 'Why');
  await expect(panel).toContainText(/faulter \d+ asked to read mmap_sem at fault\/mmap-sem\.kp:\d+/);
  await expect(panel).toContainText('One hold kept it from mmap_sem, for 18.1 s');
  await expect(panel).toContainText(/unmapper woke it at munmap\/baseline\.kp:\d+/);
  const row = panel.getByRole('row', { name: /unmapper/ });
  await expect(row).toContainText('ran all the time');

  const before = await clock(page).innerText();
  await panel
    .getByRole('button', { name: /^0\.200/ })
    .first()
    .click();
  await settled(page);
  expect(await clock(page).innerText()).not.toBe(before);
  await expect(panel).toContainText('asked to read mmap_sem');

  await row.getByRole('button', { name: 'munmap/baseline.kp:4' }).click();
  await expect(page.getByRole('region', { name: 'Code' })).toContainText('munmap before 4.20');

  await row.getByRole('button', { name: 'unmapper' }).click();
  await settled(page);
  await expect(page.getByRole('option', { name: /^unmapper/ })).toHaveAttribute('aria-selected', 'true');
  await expect(panel).toContainText('unmapper waits for no lock at the playhead');
  await panel.getByRole('button', { name: /^Longest wait/ }).click();
  await settled(page);
  await expect(panel).toContainText('asked to read mmap_sem');
  check();
});

test('a click on a waiting stretch of a lane tells of that wait', async ({ page }) => {
  await openBaseline(page);
  await choose(page, 'Scenario', /three threads/);
  const panel = await openTab(page, 'Why');
  await page.getByRole('button', { name: 'To the start' }).click();
  await settled(page);
  await expect(panel).toContainText('waits for no lock at the playhead');
  await page.getByRole('button', { name: 'Next contention' }).click();
  await settled(page);
  const waiter = page.getByRole('option', { name: /waits to/ }).first();
  await waiter.click();
  await settled(page);
  await expect(panel).toContainText(/asked to (read|write) mmap_sem/);
});

test('the matrix says who waits for whom, and is used by keyboard alone', async ({ page }) => {
  await openBaseline(page);
  await choose(page, 'Scenario', /^writers only/);
  await page.getByRole('tab', { name: 'Run' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await settled(page);
  const table = page.getByRole('table', { name: 'Waiters by holders' });
  await expect(table.getByRole('columnheader')).toHaveText([
    /waiter/,
    /writer/,
    /writer/,
    /writer/,
    /writer/,
    'nobody',
    'in all',
  ]);
  await expect(table.getByRole('row')).toHaveCount(5);

  const event = page.getByRole('toolbar', { name: 'Playhead' }).locator('.event');
  const at = await event.innerText();
  await table.getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator(':focus')).toHaveAttribute(
    'aria-label',
    /^(writer \d waited .* for writer \d|nothing)/,
  );
  await page.keyboard.press('End');
  await expect(page.locator(':focus')).toHaveAttribute('aria-label', /nobody else held the lock/);
  await page.keyboard.press('Enter');
  await expect(page.locator(':focus')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText(/^Selected: writer \d behind nobody/)).toBeVisible();
  const chip = page.getByRole('status').filter({ hasText: /Only waits of writer \d behind nobody/ });
  await expect(chip).toContainText('of what is shown');
  // The filter stays while one looks at something else, and Escape puts it away.
  await page.getByRole('tab', { name: 'Run' }).click();
  await expect(chip).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(chip).toHaveCount(0);
  await page.getByRole('tab', { name: 'Blame' }).click();
  await expect(table.locator('[aria-pressed="true"]')).toHaveCount(0);
  await table
    .getByRole('button', { name: /nobody else held the lock/ })
    .first()
    .click();
  await expect(chip).toBeVisible();
  await page.getByRole('button', { name: 'Zoom to it' }).click();
  await expect(chip).toContainText('of what is shown');
  await page.keyboard.press('0');
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect(chip).toHaveCount(0);
  await table
    .getByRole('button', { name: /nobody else held the lock/ })
    .first()
    .click();
  // The arrows went to the matrix, not to the playhead.
  await expect(event).toHaveText(at);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(table.locator('[aria-pressed="true"]')).toHaveCount(0);

  await pick(page, page.getByRole('combobox', { name: 'Lock' }), 'sem');
  await expect(table.getByRole('row')).toHaveCount(5);
});

test('statistics follow the visible range, and a brushed bar is marked in it', async ({ page }) => {
  await openBaseline(page);
  const panel = await openTab(page, 'Statistics');
  await expect(panel).toContainText(/In 18\.\d s from/);
  await expect(panel).toContainText(/18\.1 s in 1 call/);
  const waits = panel.getByRole('toolbar', { name: 'Waits for mmap_sem by length' });
  const bar = waits.getByRole('button', { name: /31 waits/ });
  await bar.click();
  await expect(panel).toContainText('31 waits marked in the time view');
  await expect(bar).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await expect(panel).not.toContainText('marked in the time view');

  await panel.getByRole('button', { name: /^0\.000/ }).focus();
  await page.keyboard.press('w');
  await page.keyboard.press('w');
  await settled(page);
  await expect(panel).not.toContainText(/In 18\.\d s from/);
  await expect(panel).toContainText('100 %');
});

test('a bar is brushed by a drag and by keys', async ({ page }) => {
  await openBaseline(page);
  await choose(page, 'Scenario', /^writers only/);
  const panel = await openTab(page, 'Statistics');
  const waits = panel.getByRole('toolbar', { name: 'Waits for sem by length' });
  const bars = waits.getByRole('button');
  const [first, last] = await Promise.all([bars.first().boundingBox(), bars.last().boundingBox()]);
  if (first === null || last === null) throw new Error('no bars');
  const y = first.y + first.height - 4;
  await page.mouse.move(first.x + first.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(last.x + last.width / 2, y, { steps: 12 });
  await page.mouse.up();
  await expect(waits.locator('[aria-pressed="true"]')).toHaveCount(await bars.count());
  await bars.last().focus();
  await page.keyboard.press('Escape');
  await expect(waits.locator('[aria-pressed="true"]')).toHaveCount(0);
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(waits.locator('[aria-pressed="true"]')).toHaveCount(2);
});

test('a deadlock and a violation open with what led to them, beside what was expected', async ({ page }) => {
  await openBaseline(page);
  await choose(page, 'Scenario', /two read holds/);
  const panel = page.getByRole('tabpanel', { name: 'Why', exact: true });
  await expect(panel).toContainText('as the scenario expects: deadlock');
  await expect(panel).toContainText('reader waits for sem (read), behind writer');
  await expect(panel).toContainText('writer queues for sem (write)');
  await choose(page, 'Scenario', /a fault behind the zap/);
  await expect(panel).toContainText('as the scenario expects: a break of no_fresh_zero_page');
  // All of it happens in a thousandth of the run, which would be a line on the whole axis.
  await page.getByRole('button', { name: 'Time view' }).click();
  await expect(page.getByRole('menuitem', { name: 'Show everything' })).toBeEnabled();
  await page.keyboard.press('Escape');
  await panel.getByRole('button', { name: /^unmapper begins munmap of/ }).click();
  await settled(page);
  await expect(page.getByRole('option', { name: /^unmapper/ })).toHaveAttribute('aria-selected', 'true');
  await choose(page, 'Scenario', /three threads/);
  await expect(page.getByRole('tab', { name: 'Run' })).toHaveAttribute('aria-selected', 'true');
});

test('no tab moves when another one is chosen', async ({ page }) => {
  await openBaseline(page);
  const places = async (): Promise<string> => {
    const boxes = await page
      .getByRole('tab')
      .evaluateAll((tabs) => tabs.map((tab) => JSON.stringify(tab.getBoundingClientRect())));
    return boxes.join('\n');
  };
  const before = await places();
  for (const name of ['Why', 'Blame', 'Statistics']) {
    await openTab(page, name);
    expect(await places()).toBe(before);
  }
});

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

for (const theme of ['dark', 'light'] as const) {
  test.describe(`${theme} theme`, () => {
    test.use({ colorScheme: theme, bypassCSP: true });

    test('the panels have no serious finding', async ({ page }) => {
      await openBaseline(page);
      await choose(page, 'Scenario', /two read holds/);
      for (const name of ['Why', 'Blame', 'Statistics', 'Run']) {
        const panel = await openTab(page, name);
        // The filter and what it makes quieter are looked at too.
        if (name === 'Blame')
          await panel
            .getByRole('button', { name: / waited / })
            .first()
            .click();
        await page.addScriptTag({ path: axe });
        const found = await page.evaluate(async () => {
          const { run } = (window as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } }).axe;
          const { violations } = await run();
          return (violations as { id: string; impact: string; nodes: { html: string }[] }[])
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
        });
        expect(found, name).toEqual([]);
      }
    });
  });
}
