import { expect, type Page, test } from 'playwright/test';
import { fragment, noComplaints, open, pick, settled, written } from './helpers.ts';

/** The tooltip, which comes once the library is there. */
async function withTips(page: Page, link = ''): Promise<void> {
  await open(page, link);
  // The select of the library takes the place of the button that is painted first.
  await expect(page.locator('[role="combobox"][id]').first()).toBeVisible();
}

test('a tooltip tells what a button does and its key, to the pointer and to the keyboard', async ({
  page,
}) => {
  const fine = noComplaints(page);
  await withTips(page);
  const tip = page.getByRole('tooltip');
  const forward = page.getByRole('button', { name: 'Step forward' });
  await forward.hover();
  await expect(tip).toHaveText('Step forward.');
  const [button, box] = await Promise.all([forward.boundingBox(), tip.boundingBox()]);
  expect(box?.y).toBeGreaterThanOrEqual((button?.y ?? 0) + (button?.height ?? 0));
  await page.keyboard.press('Escape');
  await expect(tip).toBeHidden();

  await page.mouse.move(0, 0);
  await page.getByRole('button', { name: 'To the start' }).focus();
  await page.keyboard.press('Tab');
  await expect(tip).toHaveText('Step back,');
  await page.keyboard.press('Tab');
  await expect(tip).toHaveText('PlaySpace');
  await page.getByRole('list', { name: 'Legend: threads', exact: true }).getByText('runnable').hover();
  await expect(tip).toContainText('It could run');
  await page.locator('.overview').hover();
  await expect(tip).toContainText('The whole run');
  await expect(page.getByRole('button', { name: 'Next contention' })).toHaveAttribute(
    'aria-keyshortcuts',
    'c',
  );
  expect(await page.locator('button[title]:not(.timeline button)').count()).toBe(0);
  fine();
});

test('what is explained in words is heard with it', async ({ page }) => {
  await withTips(page);
  await page.getByRole('tab', { name: 'Why', exact: true }).click();
  await settled(page);
  const time = page
    .getByRole('tabpanel', { name: 'Why' })
    .locator('[data-tip="Move the playhead there"]')
    .first();
  await page.keyboard.press('Tab');
  await time.focus();
  await expect(time).toHaveAccessibleDescription('Move the playhead there');
});

test('the help keeps the focus and gives it back', async ({ page }) => {
  await withTips(page);
  const button = page.getByRole('button', { name: 'Help', exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  const help = page.getByRole('dialog', { name: 'How to read and drive the page' });
  const close = help.getByRole('button', { name: 'Close' });
  await expect(close).toBeFocused();
  const clock = await page.locator('.clock').innerText();
  for (const key of ['Tab', 'Tab', 'Shift+Tab']) {
    await page.keyboard.press(key);
    await expect(close).toBeFocused();
  }
  // The page's keys are off meanwhile.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(button).toBeFocused();
  expect(await page.locator('.clock').innerText()).toBe(clock);
});

test('a select is used by keyboard, and letters on its button stay keys of the page', async ({ page }) => {
  await withTips(page);
  const munmap = page.getByRole('combobox', { name: 'munmap' });
  const before = await munmap.innerText();
  await munmap.focus();
  await page.keyboard.press('c');
  await settled(page);
  expect(await munmap.innerText()).toBe(before);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { selected: true }).last()).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await settled(page);
  await expect(munmap).not.toHaveText(before);
  await expect(munmap).toBeFocused();
  await page.locator('.wordmark').click();
  await pick(page, munmap, /VM_DEAD/);
  await expect(munmap).toContainText('VM_DEAD');
  await expect(munmap).not.toBeFocused();
});

/** Keeps the late parts of the page back until the function that it gives is called. */
async function holdParts(page: Page): Promise<() => void> {
  let release = (): void => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  await page.route(/\/parts-[^/]*\.js$/, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test('what needs the library before it is there waits for it', async ({ page }) => {
  const release = await holdParts(page);
  await page.goto('/');
  const scenario = page.getByRole('combobox', { name: 'Scenario' });
  await expect(page.locator('.verdict')).toContainText('passes');
  await scenario.click();
  release();
  await settled(page);
  await page.getByRole('option', { name: /three threads/ }).click();
  await settled(page);
  await expect(scenario).toContainText('three threads');
});

test('the menu of the time view and Share wait for their parts too', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const release = await holdParts(page);
  await page.goto('/');
  await expect(page.locator('.verdict')).toContainText('passes');
  await page.getByRole('button', { name: 'Share' }).click();
  const opener = page.getByRole('button', { name: 'Time view' });
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toHaveCount(0);
  release();
  await expect(page.getByRole('menuitemradio', { name: 'none' })).toBeFocused();
  await expect(page.getByText(/Link copied/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test('the title of a linked scenario is there before the late parts', async ({ page }) => {
  await page.goto('/');
  await settled(page);
  const scenario = page.getByRole('combobox', { name: 'Scenario' });
  await pick(page, scenario, /three threads/);
  await written(page);
  const link = page.url();
  await page.goto('about:blank');
  const release = await holdParts(page);
  await page.goto(link);
  await expect(scenario).toContainText('three threads');
  release();
  await settled(page);
  await expect(scenario).toContainText('three threads');
});

test('what cannot be fetched is told, and the page goes on', async ({ page }) => {
  await page.route(/\/parts-[^/]*\.js$/, (route) => route.abort());
  await page.goto('/');
  await expect(page.locator('.verdict')).toContainText('passes');
  await page.getByRole('button', { name: 'Put away' }).click();
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByRole('alert')).toContainText('could not be fetched');
  await page.getByRole('button', { name: 'Put away' }).click();
  await page.getByRole('button', { name: 'Time view' }).click();
  await expect(page.getByRole('alert')).toContainText('could not be fetched');
});

/** A run that is over at once. */
const TINY = fragment({ scenario: 'tiny', set: {} });

const MANY_THREADS = fragment({
  scenario: 'page-fault1',
  set: { machine: 'broadwell-ep-2s', tasks: '20', length: '1ms' },
});

test('typing narrows a long list, and its keys choose from what is left', async ({ page }) => {
  const fine = noComplaints(page);
  await withTips(page, TINY);
  const scenario = page.getByRole('combobox', { name: 'Scenario', exact: true });
  const clock = await page.locator('.clock').innerText();
  await scenario.focus();
  await page.keyboard.press('ArrowDown');
  const field = page.getByRole('combobox', { name: 'Filter: Scenario' });
  await expect(field).toBeFocused();
  const list = page.getByRole('listbox', { name: 'Scenario' });
  const all = await list.getByRole('option').count();
  expect(all).toBeGreaterThan(40);
  const active = page.locator('[data-highlighted]');
  await expect(active).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.type('Writer two');
  await expect(list.getByRole('option')).toHaveCount(1);
  await expect(active).toContainText('two read holds with a writer between them');
  await expect(field).toHaveAttribute('aria-activedescendant', (await active.getAttribute('id')) ?? '');
  await expect(page.getByRole('dialog', { name: 'Scenario' }).getByRole('status')).toHaveText('1 match');

  // By its id, and on with the arrows; beyond the last there is nothing.
  await field.fill('race-m');
  await expect(list.getByRole('option')).toHaveText([/race-mprotect$/, /race-mremap$/]);
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'PageDown']) await page.keyboard.press(key);
  await expect(active).toContainText('race-mremap');
  expect(await page.locator('.clock').innerText()).toBe(clock);
  await field.fill('read-twice');
  await page.keyboard.press('Enter');
  await settled(page);
  await expect(list).toHaveCount(0);
  await expect(scenario).toContainText('two read holds');
  await expect(scenario).toBeFocused();
  fine();
});

test('Escape clears what narrows a list, then closes it, and what is not there is said', async ({ page }) => {
  await withTips(page, TINY);
  const scenario = page.getByRole('combobox', { name: 'Scenario', exact: true });
  const before = await scenario.innerText();
  await scenario.click();
  const field = page.getByRole('combobox', { name: 'Filter: Scenario' });
  await field.fill('no such thing');
  const dialog = page.getByRole('dialog', { name: 'Scenario' });
  await expect(dialog.getByRole('status')).toHaveText('No entry matches “no such thing”.');
  await expect(dialog.getByRole('option')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(field).toHaveValue('');
  await expect(page.locator('[data-highlighted]')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(scenario).toBeFocused();
  await expect(scenario).toHaveText(before.replace(/\s*\n\s*/g, ''));

  // Who came by pointer has the keys of the page next.
  await pick(page, scenario, /two read holds/);
  await expect(scenario).toContainText('two read holds');
  await expect(scenario).not.toBeFocused();
  await scenario.click();
  await expect(field).toBeFocused();
  await page.locator('.wordmark').click();
  await expect(dialog).toHaveCount(0);
  await expect(scenario).not.toBeFocused();
});

test('the menu of the kernel is narrowed over all its groups', async ({ page }) => {
  await withTips(page, TINY);
  const kernel = page.getByRole('button', { name: /^Kernel/ });
  await kernel.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Kernel' });
  await expect(dialog.getByRole('combobox', { name: 'Filter: Kernel' })).toBeFocused();
  await page.keyboard.type('spinlock');
  await expect(dialog.getByRole('group', { name: 'Page fault' })).toHaveCount(0);
  await expect(dialog.getByRole('group', { name: 'Spinlock' }).getByRole('option')).not.toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.keyboard.type('rwsem-3.8');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await settled(page);
  await expect(dialog).toHaveCount(0);
  await expect(kernel).toBeFocused();
  await expect(kernel).toContainText('rwsem-3.8');
});

test('a long list in a panel leaves the panel open', async ({ page }) => {
  await withTips(page, MANY_THREADS);
  await page.getByRole('button', { name: 'Run until', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Run until' });
  const thread = panel.getByRole('combobox', { name: 'Thread', exact: true });
  await thread.click();
  const field = page.getByRole('combobox', { name: 'Filter: Thread' });
  await field.fill('task 1');
  await expect(page.getByRole('listbox', { name: 'Thread', exact: true }).getByRole('option')).toHaveCount(
    11,
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
  await expect(panel).toBeVisible();
  await thread.click();
  await field.fill('task 17');
  await page.keyboard.press('Enter');
  await expect(thread).toContainText('task 17');
  await expect(thread).toBeFocused();
  await expect(panel).toBeVisible();
});

test('Tab leaves a long list, which closes behind it', async ({ page }) => {
  await withTips(page, TINY);
  const scenario = page.getByRole('combobox', { name: 'Scenario', exact: true });
  await scenario.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Filter: Scenario' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('dialog', { name: 'Scenario' })).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'munmap' })).toBeFocused();
});

for (const width of [1000, 1280, 1920]) {
  test(`titles in the bar are whole and leave it as high as it is at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await withTips(page, TINY);
    const bar = page.getByRole('banner');
    const before = await bar.boundingBox();
    await pick(
      page,
      page.getByRole('combobox', { name: 'Scenario', exact: true }),
      /^VMAs go when their last/,
    );
    await pick(page, page.getByRole('combobox', { name: 'munmap' }), /^Detach, downgrade, zap under read/);
    await expect(page.getByRole('button', { name: /^Kernel/ })).toContainText('rwsem');
    expect(await bar.boundingBox()).toEqual(before);
    const texts = bar.locator('.menu-text');
    await expect(texts).toHaveCount(4);
    const cut = await texts.evaluateAll((all) =>
      all
        .filter((e) => e.scrollHeight > e.clientHeight || e.scrollWidth > e.clientWidth)
        .map((e) => e.textContent),
    );
    expect(cut).toEqual([]);
  });
}

/** A strategy of munmap with which locks over ranges do not go. */
const VM_DEAD = fragment({ scenario: 'tiny', set: { munmap: 'vm-dead' } });

/** Picks an entry of the kernel's menu, and does not wait for what comes of it. */
async function pickKernel(page: Page, entry: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^Kernel/ }).click();
  await page.getByRole('dialog', { name: 'Kernel' }).getByRole('option', { name: entry }).click();
}

test('what cannot be built with is refused above the page, which stays as it is', async ({ page }) => {
  await withTips(page, VM_DEAD);
  const kernel = page.getByRole('button', { name: /^Kernel/ });
  const before = await Promise.all([
    kernel.innerText(),
    page.locator('.clock').innerText(),
    page.locator('.verdict').getAttribute('data-log'),
    page.url(),
  ]);
  await pickKernel(page, /^Range lock: interval tree/);
  await settled(page);
  await expect(page.getByRole('alert')).toHaveText(
    /^range-lock was not chosen: mmapLock range-lock does not go with vm-dead/,
  );
  const after = await Promise.all([
    kernel.innerText(),
    page.locator('.clock').innerText(),
    page.locator('.verdict').getAttribute('data-log'),
    page.url(),
  ]);
  expect(after).toEqual(before);
  await expect(page.getByRole('region', { name: 'Timeline' })).toBeVisible();

  await pick(page, page.getByRole('combobox', { name: 'munmap' }), /^Detach, downgrade/);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('of two quick choices the second is tried with what came of the first', async ({ page }) => {
  await withTips(page, VM_DEAD);
  await page.getByRole('combobox', { name: 'munmap' }).click();
  await page.getByRole('option', { name: /^Detach, downgrade/ }).click();
  await pickKernel(page, /^Range lock: interval tree/);
  await settled(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'munmap' })).toContainText('Detach');
  await expect(page.getByRole('button', { name: /^Kernel/ })).toContainText('range-lock');
});

test('a worker that dies over a choice says why', async ({ page }) => {
  await withTips(page, VM_DEAD);
  await page.workers()[0]?.evaluate(() => {
    self.onmessage = () =>
      setTimeout(() => {
        throw new Error('no memory left');
      });
  });
  await pickKernel(page, /^Ticket spinlock/);
  await settled(page);
  await expect(page.getByText(/^ticket was not chosen: .*no memory left/)).toBeVisible();
});
