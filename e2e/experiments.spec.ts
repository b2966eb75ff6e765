import { createRequire } from 'node:module';
import { expect, type Locator, type Page, test } from 'playwright/test';
import { MODEL_VERSION } from '../src/event/version.ts';
import { noComplaints, open, pick, settled } from './helpers.ts';

const HEAD = `x1.m${MODEL_VERSION}.`;
/** Two processes on little memory: a point takes a fraction of a second. */
const FEW = `${HEAD}machine=skylake-desktop&batch=31,63&tasks=2&size=8MB`;

function batches(page: Page): Locator {
  return page.getByRole('textbox', { name: /^Batches/ });
}

function run(page: Page): Locator {
  return page.getByRole('region', { name: 'Experiment' }).getByRole('button', { name: /^(Run|All)/ });
}

test('a person measures two batches, reads them, and opens one as a run', async ({ page }) => {
  const complained = noComplaints(page);
  await open(page);
  await page.getByRole('link', { name: 'Experiments' }).click();
  await settled(page);
  await pick(page, page.getByRole('combobox', { name: 'Machine' }), /i7-6700/);
  await batches(page).fill('31, 63');
  await page.getByRole('textbox', { name: 'Processes' }).fill('2');
  await page.getByRole('textbox', { name: 'Mapped by each' }).fill('8MB');
  await expect(page.getByText('A quick look: not the published workload')).toBeVisible();
  await expect(page.locator('.chart-key')).toContainText('not the published workload');

  await run(page).click();
  await expect(run(page)).toHaveText('All 2 points measured', { timeout: 60_000 });
  const score = page.locator('.batch-chart', { hasText: 'Score' });
  await expect(score.locator('.curve')).toHaveCount(1);
  await expect(score.getByRole('link')).toHaveCount(2);
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(3);

  // Pointed at, or reached by keyboard, a point says its numbers.
  await score.getByRole('link', { name: /^Batch 63:/ }).hover();
  await expect(score.locator('.chart-said')).toHaveText(/^Batch 63: \d\.\d\d M\/s, [+−±]\d+\.\d %$/);
  await score.getByRole('link', { name: /^Batch 31:/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(score.getByRole('link', { name: /^Batch 63:/ })).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toContainText('page_fault1');
  await page.getByRole('button', { name: /^Settings/ }).click();
  await expect(page.getByRole('textbox', { name: /^batch/ })).toHaveValue('63');
  await expect(page.getByRole('textbox', { name: /^tasks/ })).toHaveValue('2');
  await page.keyboard.press('Escape');

  // Back are the experiments with what was measured, and further back is the run that was left.
  await page.goBack();
  await settled(page);
  await expect(run(page)).toHaveText('All 2 points measured');
  expect(new URL(page.url()).hash).toContain('machine=skylake-desktop&batch=31,+63&tasks=2&size=8MB');
  complained();
});

test('back from the experiments is the run that was left', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  await settled(page);
  const clock = await page.locator('.clock').innerText();
  await page.getByRole('link', { name: 'Experiments' }).click();
  await settled(page);
  await page.goBack();
  await settled(page);
  expect(await page.locator('.clock').innerText()).toBe(clock);
  await page.getByRole('link', { name: 'Experiments' }).click();
  await settled(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await settled(page);
  expect(await page.locator('.clock').innerText()).toBe(clock);
});

test('an experiment ends at once in the middle, keeps what it has, and goes on with the rest', async ({
  page,
}) => {
  // The last ones would take minutes.
  await open(page, `${FEW}&seeds=2`);
  await batches(page).fill('31, 1..60');
  await run(page).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  await expect(progress.getByRole('status')).toHaveText(/^[2-9] of 120 done$/, { timeout: 30_000 });
  await expect(progress.getByRole('listitem').first()).toContainText('batch');
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(progress).toHaveCount(0);
  await settled(page);
  const rows = await page.getByRole('table').getByRole('row').count();
  expect(rows).toBeGreaterThan(2);
  await expect(run(page)).toHaveText(new RegExp(`^Run the ${121 - rows} points that are missing$`));
  // Other batches: what was measured of them is there without being run again.
  await batches(page).fill('31');
  await expect(run(page)).toHaveText('All 2 points measured');
});

test('a list that cannot be read says where, and nothing is lost', async ({ page }) => {
  await open(page, FEW);
  await run(page).click();
  await expect(run(page)).toHaveText('All 2 points measured', { timeout: 60_000 });
  await batches(page).fill('31, 6x, 63');
  // While somebody types nothing is called wrong.
  await expect(page.getByRole('alert')).toHaveCount(0);
  await run(page).click();
  await expect(page.getByRole('alert')).toHaveText(
    "value 2: '6x' is no batch: a whole number of pages from 1 to 65536",
  );
  await expect(batches(page)).toBeFocused();
  // What was measured before stays in sight.
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(3);
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('6x');
  await page.keyboard.type('127');
  await expect(run(page)).toHaveText('Run the 1 point that is missing');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(3);
});

test('published figures are run from the page', async ({ page }) => {
  await open(page, `${HEAD}part=evidence`);
  const row = page.getByRole('listitem').filter({ hasText: 'exclusive hold of the munmap of 4.20' });
  await expect(row).toContainText('not run');
  await row.getByRole('button', { name: /^Run/ }).click();
  await expect(row).toContainText('holds', { timeout: 30_000 });
  await expect(row.getByRole('img', { name: /^Published below 1,000 µs, simulated / })).toBeVisible();
  await row.getByRole('button', { name: /^exclusive hold/ }).click();
  await expect(row).toContainText('Left out');
  await row.getByRole('link', { name: /^Open the run/ }).click();
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toContainText('320 GB');
});

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

async function serious(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  return page.evaluate(async () => {
    const checker = (window as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } }).axe;
    const { violations } = (await checker.run()) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

for (const theme of ['dark', 'light'] as const) {
  test.describe(`${theme} theme`, () => {
    // The injected checker is not part of the page that the policy protects.
    test.use({ colorScheme: theme, reducedMotion: 'reduce', bypassCSP: true });

    test('experiments and evidence have no serious finding, and look as they did', async ({ page }) => {
      await open(page, `${FEW}&seeds=2`);
      await run(page).click();
      await expect(run(page)).toHaveText('All 4 points measured', { timeout: 60_000 });
      await settled(page);
      expect(await serious(page)).toEqual([]);
      await page.mouse.move(0, 0);
      await expect(page.locator('.batch-charts')).toHaveScreenshot(`measured-${theme}.png`);
      await batches(page).fill('x');
      await run(page).click();
      expect(await serious(page)).toEqual([]);
      await page.getByRole('button', { name: 'Evidence' }).click();
      await page.getByRole('button', { name: /^munmap of 320 GB/ }).click();
      expect(await serious(page)).toEqual([]);
      await page.goto(`/#${HEAD}`);
      await settled(page);
      await page.mouse.move(0, 0);
      await expect(page).toHaveScreenshot(`published-${theme}.png`);
    });
  });
}
