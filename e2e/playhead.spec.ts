import { createRequire } from 'node:module';
import { expect, type Locator, type Page, test } from 'playwright/test';
import { choose, fragment, inspector, open, openBaseline, pick, settled } from './helpers.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

function bar(page: Page): Locator {
  return page.getByRole('toolbar', { name: 'Playhead' });
}

async function press(page: Page, name: string): Promise<void> {
  await bar(page).getByRole('button', { name, exact: true }).click();
  await settled(page);
}

async function eventNumber(page: Page): Promise<number> {
  const text = await bar(page).locator('.event').innerText();
  return Number(/event ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''));
}

/** Time, event, and what the panel says of the selected thread. */
async function place(page: Page): Promise<string> {
  const parts = [bar(page).locator('.clock'), bar(page).locator('.at'), inspector(page)];
  return (await Promise.all(parts.map((part) => part.innerText()))).join('\n');
}

async function find(page: Page, text: string): Promise<Locator> {
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Find' }).fill(text);
  return page.getByRole('listbox', { name: 'Found' }).getByRole('option');
}

test('events of one thread, contentions and violations lie both ways', async ({ page }) => {
  await openBaseline(page);
  await page.keyboard.press('Home');
  await settled(page);
  const said = bar(page).locator('.sentence');

  await press(page, 'Next contention');
  await expect(said).toContainText(/ for /);
  const first = await place(page);
  await press(page, 'Next contention');
  expect(await place(page)).not.toBe(first);
  await press(page, 'Previous contention');
  expect(await place(page)).toBe(first);
  await press(page, 'Previous contention');
  await expect(said).toHaveText('no earlier contention');

  await choose(page, 'Scenario', /VM_DEAD not tested/);
  await page.keyboard.press('Home');
  await settled(page);
  await press(page, 'Next violation');
  await expect(said).toContainText('no_fresh_zero_page');
  const broken = await eventNumber(page);
  const all = [broken];
  for (;;) {
    await page.keyboard.press('v');
    await settled(page);
    if ((await said.innerText()) === 'no further violation') break;
    all.push(await eventNumber(page));
  }
  expect(all.length).toBeGreaterThan(1);
  expect(await eventNumber(page)).toBe(all.at(-1));
  for (const earlier of all.slice(0, -1).reverse()) {
    await page.keyboard.press('Shift+V');
    await settled(page);
    expect(await eventNumber(page)).toBe(earlier);
  }

  const name = await page
    .getByRole('listbox', { name: 'Threads' })
    .getByRole('option', { selected: true })
    .locator('.lane-title')
    .innerText();
  await press(page, 'Previous event of the selected thread');
  expect(await eventNumber(page)).toBeLessThan(broken);
  await expect(said).toContainText(name);
  for (const [forward, back] of [
    ['Shift+ArrowRight', 'Shift+ArrowLeft'],
    ['>', '<'],
    ['Shift+Period', 'Shift+Comma'],
  ] as const) {
    await page.keyboard.press(forward);
    await settled(page);
    expect(await eventNumber(page)).toBe(broken);
    await page.keyboard.press(back);
    await settled(page);
    expect(await eventNumber(page)).toBeLessThan(broken);
  }
});

test('the keys of the page go on working after a click on the name of a thread', async ({ page }) => {
  await open(page, fragment({ scenario: 'tiny', set: {} }));
  const names = page.getByRole('listbox', { name: 'Threads' });
  const after = async (key: string): Promise<number> => {
    await page.keyboard.press(key);
    await settled(page);
    return eventNumber(page);
  };
  await names.getByText('reader').click();
  const last = await after('End');
  expect(await after('Home')).toBeLessThan(last);
  const first = await eventNumber(page);
  expect(await after('.')).toBe(first + 1);
  expect(await after(',')).toBe(first);
  expect(await after('c')).toBeGreaterThan(first + 1);

  // The list keeps what it uses itself.
  const shown = await page.locator('.timeline-head').innerText();
  await page.keyboard.press('ArrowDown');
  await expect(names.getByRole('option', { selected: true })).toContainText('faulter');
  await page.keyboard.press('ArrowUp');
  await expect(names.getByRole('option', { selected: true })).toContainText('reader');
  await expect(page.locator('.timeline-head')).toHaveText(shown);
});

test('a run is followed to a condition, and back', async ({ page }) => {
  await openBaseline(page);
  await page.keyboard.press('Home');
  await settled(page);
  const until = bar(page).getByRole('button', { name: 'Run until' });
  const panel = page.getByRole('dialog', { name: 'Run until' });

  await until.click();
  await pick(page, panel.getByRole('combobox', { name: 'Thread', exact: true }), 'faulter 9');
  await panel.getByRole('button', { name: 'Run until a thread blocks' }).click();
  await settled(page);
  await expect(bar(page).locator('.sentence')).toContainText('faulter 9 queues for mmap_sem');
  await expect(panel).toBeHidden();

  await page.keyboard.press('r');
  await panel.getByLabel('File and line').fill('nowhere.kp');
  await expect(panel.getByRole('button', { name: 'Run until a line is reached' })).toBeDisabled();
  await panel.getByLabel('File and line').fill('baseline.kp:9');
  await panel.getByLabel('File and line').press('Enter');
  await settled(page);
  await expect(bar(page).locator('.sentence')).toContainText('unmapper releases mmap_sem (write)');
  const released = await eventNumber(page);

  await page.keyboard.press('r');
  await pick(page, panel.getByRole('combobox', { name: 'Lock', exact: true }), 'mmap_sem');
  await panel.getByRole('button', { name: 'Back to where a lock is contended' }).click();
  await settled(page);
  await expect(bar(page).locator('.sentence')).toContainText('for mmap_sem');
  expect(await eventNumber(page)).toBeLessThan(released);

  await page.keyboard.press('r');
  await panel.getByRole('button', { name: 'Run until an invariant breaks' }).click();
  await settled(page);
  await expect(bar(page).locator('.sentence')).toHaveText('no further violation');
});

test('threads, locks, functions and lines are found by name', async ({ page }) => {
  await openBaseline(page);
  const found = await find(page, 'faulter 2');
  await expect(found.first()).toContainText('faulter 2');
  await expect(found.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(found.nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await settled(page);
  await expect(page.getByRole('dialog', { name: 'Find' })).toBeHidden();
  await expect(page.getByRole('option', { name: /^faulter 2\b/ })).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find' }).fill('unmap_vmas');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Code' })).toContainText('unmap_vmas(struct mmu_gather');

  await page.keyboard.press('Home');
  await settled(page);
  const functions = await find(page, 'unmap_region');
  await functions.first().getByText('Run until it is called').click();
  await settled(page);
  await expect(bar(page).locator('.sentence')).toContainText('unmapper');
  await expect(page.getByRole('region', { name: 'Code' })).toContainText('unmap_region(range');

  await find(page, 'mmap_lock');
  await page.keyboard.press('Enter');
  const letGo = inspector(page).getByRole('button', { name: 'Let go of mmap_sem' });
  await letGo.click();
  await expect(letGo).toBeHidden();

  const lines = await find(page, 'up_write(&mm');
  await lines.first().getByText('Run until this line').click();
  await settled(page);
  await expect(bar(page).locator('.sentence')).toContainText('releases mmap_sem (write)');

  await find(page, 'no such thing');
  await expect(page.getByText('Nothing has this name.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Find' })).toBeHidden();
});

test('a line that changes nothing leads to the next that does, with a word', async ({ page }) => {
  await openBaseline(page);
  await choose(page, 'Scenario', /three threads/);
  await page.keyboard.press('Home');
  await settled(page);
  await find(page, 'compute(16us)');
  await page.keyboard.press('Shift+Enter');
  await settled(page);
  await expect(page.locator('.notice')).toContainText('is the next at which a run can stop');
  await expect(bar(page).locator('.sentence')).toContainText('reader');
});

test('playback goes by events per second as well', async ({ page }) => {
  await openBaseline(page);
  await page.keyboard.press('Home');
  await settled(page);
  const speed = bar(page).getByRole('button', { name: /^Speed/ });
  await speed.click();
  await page.getByRole('button', { name: 'Events', exact: true }).click();
  const slider = page.getByRole('slider', { name: 'Speed of playback' });
  await slider.focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', '30 events per s');
  await page.keyboard.press('Escape');
  await speed.blur();
  await page.keyboard.press('+');
  await expect(speed).toContainText('100 events per s');
  const from = await eventNumber(page);
  await page.keyboard.press(' ');
  await expect.poll(() => eventNumber(page)).toBeGreaterThan(from + 20);
  await page.keyboard.press(' ');
  await settled(page);
  const at = await eventNumber(page);
  // Neither the end nor a jump of simulated time: whole seconds lie within a few thousand events here.
  expect(at).toBeLessThan(from + 20_000);
  await page.keyboard.press('-');
  await expect(speed).toContainText('30 events per s');
});

test('a search waits for the run, and can be stopped', async ({ page }) => {
  await page.goto('/');
  const link = fragment({
    scenario: 'munmap-320g',
    // Some ten million faults: it is not over before it is stopped.
    set: { munmap: 'downgrade', think: '50us' },
  });
  await page.goto(`/#${link}`);
  const clock = bar(page).getByRole('button', { name: 'Next violation' });
  await expect(clock).toBeEnabled();
  await clock.click();
  const said = bar(page).locator('.sentence');
  await expect(said).toHaveText(/(waiting|looking) for the next violation/);
  await expect(bar(page).getByRole('button', { name: 'Stop search' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(bar(page).getByRole('button', { name: 'Stop search' })).toBeHidden();
  await clock.click();
  await expect(bar(page).getByRole('button', { name: 'Stop search' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(said).toHaveText('no further violation before the run was paused');
});

test('an engine that hangs is ended, reported and started again', async ({ page }) => {
  // The worker as it is, but it never comes back from the way to the end.
  await page.route(/\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const hang = "addEventListener('message', ({data}) => { if (data.move?.to === 'end') for (;;); });\n";
    await route.fulfill({ response, body: hang + (await response.text()) });
  });
  await openBaseline(page);
  await bar(page).getByRole('button', { name: 'To the end' }).click();
  await expect(page.getByRole('alert')).toContainText('has said nothing for', { timeout: 30_000 });
  await expect(bar(page).getByRole('button', { name: 'To the end' })).toBeDisabled();
  await page.getByRole('button', { name: 'Load it again' }).click();
  await settled(page);
  await expect(page.getByText('passes, as expected')).toBeVisible();
  await press(page, 'Step back');
  await expect(bar(page).locator('.event')).toContainText('event');
});

test('an engine that throws is reported and started again', async ({ page }) => {
  await page.route(/\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const crash =
      "addEventListener('message', ({data}) => { if (data.move?.to === 'end') throw new Error('broken'); });\n";
    await route.fulfill({ response, body: crash + (await response.text()) });
  });
  await openBaseline(page);
  await page.keyboard.press('End');
  await expect(page.getByRole('alert')).toContainText('broken');
  await page.getByRole('button', { name: 'Load it again' }).click();
  await settled(page);
  await expect(page.getByText('passes, as expected')).toBeVisible();
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`${theme} theme`, () => {
    // The injected checker is not part of the page that the policy protects.
    test.use({ colorScheme: theme, bypassCSP: true });

    test('find box and conditions have no serious finding', async ({ page }) => {
      const findings = async (): Promise<string[]> => {
        await page.addScriptTag({ path: axe });
        return page.evaluate(async () => {
          const { run } = (
            window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> } }
          ).axe;
          const { violations } = await run();
          return violations.filter(({ impact }) => /serious|critical/.test(impact)).map(({ id }) => id);
        });
      };
      await openBaseline(page);
      await find(page, 'unmap');
      expect(await findings()).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog', { name: 'Find' })).toBeHidden();
      await page.keyboard.press('r');
      await expect(page.getByRole('dialog', { name: 'Run until' })).toBeVisible();
      expect(await findings()).toEqual([]);
    });
  });
}
