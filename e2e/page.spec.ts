import { expect, test } from 'playwright/test';
import {
  choose,
  fragment,
  inspector,
  momentText,
  noComplaints,
  open,
  openBaseline,
  settled,
  written,
} from './helpers.ts';

test('the default scenario runs to its end and shows its lanes without a complaint', async ({ page }) => {
  const check = noComplaints(page);
  await open(page);
  await expect(page.getByRole('listbox', { name: 'Threads' }).getByRole('option')).toHaveCount(32);
  await expect(page.getByText('passes, as expected')).toBeVisible();
  await expect(inspector(page)).toContainText('waits to read mmap_sem');
  const painted = await page.locator('.lanes canvas').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
    return pixels?.some((value, i) => i % 4 === 3 && value > 0) ?? false;
  });
  expect(painted).toBe(true);
  check();
});

test('without a click one sees who waits for whom, where and how long', async ({ page }) => {
  await open(page);
  const selected = page.getByRole('listbox', { name: 'Threads' }).getByRole('option', { selected: true });
  await expect(selected).toContainText(/^faulter \d+/);
  await expect(selected).toContainText('waits to read');
  const panel = inspector(page);
  await expect(panel).toContainText(/held by\s*unmapper · reading/);
  await expect(panel).toContainText(/who is in\s*\w+, line \d+/);
  await expect(panel).toContainText(/stands before it\s*mapper \(write\)/);
  await expect(panel).toContainText(/for\s*3\.\d+ s/);
  await expect(panel).toContainText('A queued writer blocks new readers');
  // The zap has gone on for seconds by then, and everybody faulted beside it.
  await expect(page.locator('.clock')).toContainText(/^9\./);
  await expect(page.locator('.drawer-panel:not([hidden])')).not.toContainText('Waiting for');
});

test('steps forward and back lead to the same moment', async ({ page }) => {
  await open(page);
  await choose(page, 'Scenario', /three threads/);
  await page.keyboard.press('Home');
  await settled(page);
  await page.keyboard.press('.');
  await settled(page);
  const texts = [await momentText(page)];
  for (let i = 0; i < 6; i++) {
    await page.getByRole('button', { name: 'Step forward' }).click();
    await settled(page);
    texts.push(await momentText(page));
  }
  expect(new Set(texts).size).toBe(texts.length);
  for (let i = 5; i >= 0; i--) {
    await page.keyboard.press(',');
    await settled(page);
    expect(await momentText(page)).toBe(texts[i]);
  }
});

test('there is a way to the start, to the end and to the next contention', async ({ page }) => {
  await openBaseline(page);
  const clock = page.locator('.clock');
  await page.keyboard.press('Home');
  await expect(clock).toContainText('0.000000000s');
  await page.getByRole('button', { name: 'Next contention' }).click();
  await settled(page);
  await expect(page.locator('.sentence')).toContainText('for mmap_sem');
  await page.getByRole('button', { name: 'To the end' }).click();
  await settled(page);
  await expect(clock).toContainText(/^18\./);
});

test('after a click on a tab or a button the keys are those of the page; who came by keyboard keeps the place', async ({
  page,
}) => {
  await openBaseline(page);
  const clock = page.locator('.clock');
  const blame = page.getByRole('tab', { name: 'Blame' });
  await blame.click();
  await page.keyboard.press('Home');
  await settled(page);
  await expect(blame).toHaveAttribute('aria-selected', 'true');
  await expect(clock).toContainText('0.000000000s');
  await page.keyboard.press('End');
  await settled(page);
  await expect(clock).toContainText(/^18\./);
  await page.getByRole('button', { name: 'Step back' }).click();
  await settled(page);
  await page.keyboard.press('Home');
  await settled(page);
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.keyboard.press(' ');
  await settled(page);
  await blame.focus();
  await page.keyboard.press('Home');
  await expect(page.getByRole('tab', { name: 'Run' })).toBeFocused();
  await page.getByRole('button', { name: 'Step forward' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Step forward' })).toBeFocused();
});

test('a click in a lane moves the playhead there and selects its thread', async ({ page }) => {
  await openBaseline(page);
  const lanes = page.locator('.lanes');
  const box = await lanes.boundingBox();
  if (box === null) throw new Error('no lanes');
  await page.mouse.click(box.x + 136 + (box.width - 146) / 4, box.y + 20);
  await settled(page);
  await expect(page.getByRole('option', { name: /^unmapper/ })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('.clock')).toContainText(/^(4\.9|5\.0)/);
  await expect(page.getByRole('region', { name: 'Code' })).toContainText('unmap_vmas');
});

test('another strategy keeps the time and changes what happens at it', async ({ page }) => {
  await openBaseline(page);
  await page.keyboard.press('c');
  await settled(page);
  const lanes = await page.locator('.lanes').boundingBox();
  await page.mouse.click((lanes?.x ?? 0) + 500, (lanes?.y ?? 0) + 60);
  await settled(page);
  const before = await page.locator('.clock').innerText();
  await choose(page, 'munmap', /Detach, downgrade/);
  expect((await page.locator('.clock').innerText()).slice(0, 3)).toBe(before.slice(0, 3));
  await expect(inspector(page)).toContainText('reading');
  await page.goBack();
  await settled(page);
  await expect(page.getByRole('combobox', { name: 'munmap' })).toContainText('All under write');
});

test('keys zoom, move, fit and select; play runs and pauses', async ({ page }) => {
  await open(page);
  const first = await page.locator('.clock').innerText();
  const selected = page.getByRole('listbox', { name: 'Threads' }).getByRole('option', { selected: true });
  const name = await selected.locator('.lane-title').innerText();
  await page.keyboard.press('k');
  await expect(selected).not.toContainText(`${name}c`);
  await page.keyboard.press('j');
  await expect(selected).toContainText(name);
  // One change after the other: the address follows each of them a little later.
  await written(page);
  const changes = async (key: string): Promise<string> => {
    const before = page.url();
    await page.keyboard.press(key);
    await written(page);
    expect(page.url()).not.toBe(before);
    return page.url();
  };
  await changes('w');
  const zoomed = await changes('d');
  await changes('0');
  // The arrows do what w a s d do, and the playhead stays.
  for (const key of ['ArrowUp', 'ArrowRight']) await page.keyboard.press(key);
  await written(page);
  expect(page.url()).toBe(zoomed);
  for (const key of ['ArrowLeft', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  await written(page);
  expect(page.url()).not.toBe(zoomed);
  expect(await page.locator('.clock').innerText()).toBe(first);
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(page.locator('.clock')).not.toHaveText(first);
  await page.keyboard.press(' ');
  await settled(page);
});

test('a knob changes the verdict', async ({ page }) => {
  await open(page);
  await choose(page, 'Scenario', /VM_DEAD not tested/);
  await expect(page.getByText('breaks no_fresh_zero_page, as expected')).toBeVisible();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'CHECK_DEAD' }).click();
  await settled(page);
  await expect(page.getByText('passes, expected a break of no_fresh_zero_page')).toBeVisible();
  // What is changed says what was given, and leads back to it.
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await expect(settings).toContainText('changed, given: off');
  await expect(settings.getByRole('region', { name: 'Knobs of no use here' })).toContainText('PS_KILLABLE');
  await settings.getByRole('button', { name: 'Reset CHECK_DEAD' }).click();
  await settled(page);
  await expect(page.getByText('breaks no_fresh_zero_page, as expected')).toBeVisible();
  await expect(settings).not.toContainText('changed, given');
});

test('a setting that is no value is told at its field, and the picture stays', async ({ page }) => {
  await open(page);
  const clock = await page.locator('.clock').innerText();
  await page.getByRole('button', { name: /^Settings/ }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  const every = settings.getByRole('textbox', { name: /^every/ });
  await every.fill('6x');
  await every.press('Enter');
  await settled(page);
  const problem = settings.getByRole('alert');
  await expect(problem).toHaveText("'6x' is no value for every: a number with ns, us, ms or s");
  await expect(every).toHaveAccessibleDescription(await problem.innerText());
  await expect(every).toBeFocused();
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('6x');
  await expect(page.locator('.lane-name')).not.toHaveCount(0);
  expect(await page.locator('.clock').innerText()).toBe(clock);

  // What it is replaced by takes the words away, and does.
  await page.keyboard.type('7s');
  await expect(problem).toHaveCount(0);
  await every.press('Enter');
  await settled(page);
  await expect(every).toHaveValue('7s');
  await expect(settings).toContainText('changed, given');

  // Nobody sees the field any more: the line above the page says it.
  await every.fill('7x');
  await page.locator('.clock').click();
  await settled(page);
  await expect(settings).toBeHidden();
  await expect(page.getByRole('alert')).toContainText("'7x' is no value for every");
  await page.getByRole('button', { name: 'Put away' }).click();

  // Even one that was told at the field before: it is gone with it.
  await page.getByRole('button', { name: /^Settings/ }).click();
  await every.fill('8x');
  await every.press('Enter');
  await expect(problem).toContainText("'8x' is no value for every");
  await page.locator('.clock').click();
  await expect(settings).toBeHidden();
  await expect(page.getByRole('alert')).toContainText("'8x' is no value for every");
  await expect(page.locator('.lane-name')).not.toHaveCount(0);
});

test('a machine is chosen among the settings, and given back', async ({ page }) => {
  await page.goto(
    `/#${fragment({ scenario: 'page-fault1', set: { size: '1MB', tasks: '2', length: '2ms' } })}`,
  );
  await settled(page);
  await page.getByRole('button', { name: 'Settings' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('combobox', { name: 'Machine' }).click();
  await page.getByRole('option', { name: /E5-2699 v3/ }).click();
  await settled(page);
  await expect(page.getByRole('button', { name: /^Settings/ })).toContainText('4 changed');
  await expect(settings.getByRole('combobox', { name: 'Machine' })).toContainText('E5-2699 v3');
  await settings.getByRole('button', { name: 'Reset machine' }).click();
  await settled(page);
  await expect(settings.getByRole('combobox', { name: 'Machine' })).toContainText('i7-6700');
});

test('a run can be stopped and goes on where it was', async ({ page }) => {
  // Half a million faults: not over before it is stopped.
  await page.goto(`/#${fragment({ scenario: 'munmap-320g', set: { munmap: 'downgrade', think: '1ms' } })}`);
  const cancel = page.getByRole('button', { name: 'Cancel' });
  const more = page.getByRole('button', { name: 'Go on' });
  await cancel.click();
  await expect(more).toBeVisible();
  await settled(page);
  await page.getByRole('button', { name: 'Next contention' }).click();
  await settled(page);
  await more.click();
  await expect(page.getByText('passes, as expected')).toBeVisible({ timeout: 40_000 });
});
