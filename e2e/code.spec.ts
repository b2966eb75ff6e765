import { expect, type Locator, type Page, test } from 'playwright/test';
import { choose, fragment, noComplaints, openBaseline, settled } from './helpers.ts';

function code(page: Page): Locator {
  return page.getByRole('region', { name: 'Code' });
}

/** Selects the thread that unmaps, where it stands. */
async function selectUnmapper(page: Page): Promise<void> {
  await code(page)
    .getByRole('navigation', { name: 'Files with threads in them' })
    .getByRole('button', { name: /kp 1$/ })
    .click();
  await code(page).getByRole('button', { name: 'unmapper stands here' }).click();
  await settled(page);
}

async function openText(page: Page, text: string): Promise<void> {
  await openBaseline(page);
  const link = fragment({ scenario: 'own', text, set: {} });
  await page.evaluate((to) => {
    location.hash = to;
  }, link);
  await expect(page.locator('.verdict')).toBeVisible();
  await settled(page);
}

test('everybody who stands in the path is at its line, and can be chosen there', async ({ page }) => {
  const fine = noComplaints(page);
  await openBaseline(page);
  const group = code(page).getByRole('button', { name: /^faulter \d+ \+30 stand here$/ });
  await group.click();
  await page
    .getByRole('dialog', { name: /31 threads at line 74/ })
    .getByRole('button', { name: 'faulter 17' })
    .click();
  await settled(page);
  await expect(
    page.getByRole('listbox', { name: 'Threads' }).getByRole('option', { selected: true }),
  ).toContainText('faulter 17');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // The others stand in another file.
  await code(page).getByRole('button', { name: 'unmap.kp 1', exact: true }).click();
  await code(page).getByRole('button', { name: 'unmapper stands here' }).click();
  await settled(page);
  await expect(code(page).getByRole('navigation', { name: 'Calls' })).toContainText('unmapper');
  fine();
});

test('a file that is looked at stays, and leads back to the thread', async ({ page }) => {
  await openBaseline(page);
  await code(page).getByRole('button', { name: 'unmap.kp 1', exact: true }).click();
  await page.keyboard.press('.');
  await settled(page);
  await expect(code(page).getByRole('list', { name: /^mm\/unmap\.kp/ })).toBeVisible();
  await code(page)
    .getByRole('button', { name: /^Back to faulter/ })
    .click();
  await expect(code(page).getByRole('list', { name: 'fault/mmap-sem.kp, at line 74' })).toBeVisible();
});

test('the margin says what is held on the way through the path', async ({ page }) => {
  await openBaseline(page);
  await choose(page, 'munmap', /VM_DEAD/);
  await selectUnmapper(page);
  const calls = code(page).getByRole('navigation', { name: 'Calls' });
  await calls.getByRole('button', { name: /^\W*munmap$/ }).click();
  const margin = (line: number): Locator => code(page).locator(`li[value="${line}"] > .margin`);
  await expect(margin(17)).toHaveAttribute('data-tip', 'held to write');
  await expect(margin(34)).toHaveAttribute('data-tip', 'nothing held');
  await expect(margin(36)).toHaveAttribute('data-tip', 'held to read');
  await expect(code(page).getByRole('list', { name: 'Legend: locks held in the code' })).toContainText(
    /written.*read.*free/s,
  );
  // Told in words where it changes.
  await expect(code(page).locator('li[value="35"]')).toContainText('held to read:');
});

test('the history of a strategy is one click away', async ({ page }) => {
  await openBaseline(page);
  await selectUnmapper(page);
  const calls = code(page).getByRole('navigation', { name: 'Calls' });
  await calls.getByRole('button', { name: /^\W*munmap$/ }).click();
  await code(page)
    .getByRole('button', { name: /^History:/ })
    .click();
  const history = page.getByRole('dialog');
  for (const word of ['Author', 'Date', 'Kernels', 'Outcome', 'Fixes', 'Breaks', 'Source']) {
    await expect(history.getByText(word, { exact: true })).toBeVisible();
  }
  await expect(history).toContainText('replaced in 4.20');
  await page.keyboard.press('Escape');
  await expect(history).toHaveCount(0);
});

const ASKING = `rwsem sem;
mutex m;
scenario own "asks" {
    set machine = small;
    extent 1ms;
    thread t {
        mutex_lock(&m);
        mutex_unlock(&m);                   //? What is still held now?
        if (down_read_trylock(&sem) && mutex_trylock(&m)) {
            mutex_unlock(&m);
            up_read(&sem);
        }
    }
}
`;

/** Steps on until the thread stands at a line. */
async function stepTo(page: Page, line: number, what = ''): Promise<void> {
  const current = code(page).locator('li[aria-current="location"]');
  await page.keyboard.press('Home');
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('.');
    await settled(page);
    const there = (await current.count()) > 0 && (await current.getAttribute('value')) === String(line);
    if (there && (what === '' || (await current.locator('[aria-current="step"]').innerText()) === what))
      return;
  }
  throw new Error(`never came to line ${line}`);
}

test('a question comes before its answer, and can be turned off for good', async ({ page }) => {
  await openText(page, ASKING);
  await stepTo(page, 8);
  const note = code(page).locator('.note');
  await expect(note).toContainText('What is still held now?');
  await note.getByRole('switch', { name: 'Ask no questions' }).click();
  await expect(note).not.toContainText('What is still held now?');
  await page.reload();
  await settled(page);
  await stepTo(page, 8);
  await expect(note.getByRole('switch', { name: 'Ask questions' })).toHaveAttribute('aria-checked', 'false');
});

test('a statement of several steps opens to them, with the next one marked', async ({ page }) => {
  await openText(page, ASKING);
  await stepTo(page, 8);
  const line = code(page).locator('li[value="9"]');
  await line.getByRole('button', { name: '2 steps' }).click();
  const steps = line.getByRole('list', { name: 'Steps of this line' }).getByRole('listitem');
  await expect(steps).toHaveText(['down_read_trylock', 'mutex_trylock']);
  await stepTo(page, 9, 'mutex_trylock');
  await expect(line.locator('.margin')).toHaveAttribute('data-tip', 'nothing held');
});
