import { expect, type Locator, type Page, test } from 'playwright/test';
import { choose, fragment, inspector, open, settled } from './helpers.ts';

/** The address space at the playhead. */
function space(page: Page): Locator {
  return page.getByRole('region', { name: 'Address space at the playhead' });
}

function cells(page: Page): Locator {
  return space(page).getByRole('slider', { name: 'Map of the address space' });
}

test('the map shows the areas of the process, and where the zap stands', async ({ page }) => {
  await open(page);
  // What is present is told where it differs.
  await expect(space(page).locator('.areas-head')).toHaveText(/RSS \d+ GB$/);
  await expect(space(page)).toContainText(/big.*320 GB.*\d+ % present/);
  await expect(space(page)).toContainText(/heap.*×3\d/);
  await expect(cells(page)).toHaveAccessibleName(/big, 320 GB/);
});

test('arrow keys read out cell by cell', async ({ page }) => {
  await open(page);
  await cells(page).focus();
  const first = /^big\. 0x200000–0x50200000 · 1\.3 GB\. 1 VMA: .*of 327,680 pages present, 640 page tables/;
  await expect(cells(page)).toHaveAttribute('aria-valuetext', first);
  const event = await page.getByRole('toolbar', { name: 'Playhead' }).locator('.at').innerText();
  await page.keyboard.press('ArrowRight');
  await expect(cells(page)).toHaveAttribute('aria-valuetext', /^big\. 0x50200000–/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect(cells(page)).toHaveAttribute('aria-valuetext', /^(heap\[?\d+\]?|mmap|heap \d+)\. 0x/);
  // The keys are the map's: the playhead stays.
  expect(await page.getByRole('toolbar', { name: 'Playhead' }).locator('.at').innerText()).toBe(event);
});

test('pointing at the place of the zap says who works there, and the step that removed pages is marked', async ({
  page,
}) => {
  await open(page);
  await choose(page, 'Scenario', /three threads/);
  await page.keyboard.press('Home');
  await settled(page);
  // On to where pages are removed.
  const at = page.getByRole('toolbar', { name: 'Playhead' }).locator('.at');
  for (let i = 0; i < 60 && !(await at.innerText()).includes('removes 8 pages'); i++) {
    await page.keyboard.press('.');
    await settled(page);
  }
  await expect(space(page).locator('.changed')).toHaveText(/present/);
  await expect(inspector(page).locator('.row.changed')).toContainText(['present']);
  const box = await cells(page).boundingBox();
  if (box === null) throw new Error('no map');
  await page.mouse.move(box.x + 20, box.y + 14);
  const tip = space(page).locator('.tooltip');
  await expect(tip).toContainText('shared_buffer');
  await expect(tip).toContainText('unmapper works at page table 0x200000');
  await expect(tip).toContainText('page table 0x200000 held by unmapper');
  await expect(tip).toContainText('the last step removed 8 pages');
  await expect(tip).toContainText('nobody ever waited for its page-table lock');
});

test('a cell leads to the lane of its page-table lock, if anybody waited for that', async ({ page }) => {
  const text = `scenario crowd "two threads want one page table" { set machine = small; set grain = page; extent 100us;
    area heap = 16 * PAGE_SIZE populated;
    thread t[2] on cpu index {
      for (pt in page_tables(mm, heap)) { spin_lock(&pt->ptl); compute(5us); spin_unlock(&pt->ptl); }
    } }`;
  await open(page);
  const link = fragment({ scenario: 'crowd', text, set: {} });
  await page.evaluate((to) => {
    location.hash = to;
  }, link);
  await expect(space(page)).toContainText('64 KB');
  await settled(page);
  await cells(page).focus();
  await expect(cells(page)).toHaveAttribute('aria-valuetext', /click or Enter/);
  await page.keyboard.press('Enter');
  await settled(page);
  await expect(page.getByRole('region', { name: 'Locks' }).locator('.table-name')).toContainText('0x200000');
});

test('of several processes the map shows that of the selected thread', async ({ page }) => {
  await open(page);
  await choose(page, 'Scenario', /32 processes/);
  await page.keyboard.press('j');
  await settled(page);
  await expect(space(page).getByRole('heading')).toHaveText(/^Address space of stressor \d+$/);
});
