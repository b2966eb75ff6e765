import { expect, type Locator, type Page, test } from 'playwright/test';
import { findings } from './axe.ts';
import {
  choose,
  fragment,
  inspector,
  noComplaints,
  open,
  openBaseline,
  point,
  settled,
  written,
} from './helpers.ts';

/** Five threads take one rwsem and one mutex from each other, often enough that somebody has to sleep. */
const TEXT = `
rwsem sem;
mutex m;
scenario both "a rwsem and a mutex" {
    extent 2ms;
    thread worker[5] on cpu index {
        for (i = 0; i < 12; i++) {
            compute(2us + 700 * index);
            down_write(&sem);
            compute(7us);
            up_write(&sem);
            mutex_lock(&m);
            compute(9us);
            mutex_unlock(&m);
        }
    }
    daemon thread other[5] on cpu index {
        while (1) {
            sleep(15us);
            compute(4us);
        }
    }
}
`;

async function openText(page: Page, set: Record<string, string>): Promise<void> {
  await open(page);
  const link = fragment({ scenario: 'both', text: TEXT, set });
  await page.evaluate((to) => {
    location.hash = to;
  }, link);
  // The process-wide lock, which nobody takes, has no lane.
  await expect(page.locator('.lock-name')).toHaveText([/^sem/, /^m/]);
  await settled(page);
}

/** Moves the pointer along a lock's lane until it says something; the text of the tooltip, or ''. */
async function sweep(page: Page, lock: RegExp, dy: number, wanted: RegExp): Promise<string> {
  const lanes = await page.locator('.locks').boundingBox();
  const name = await page.locator('.lock-name', { hasText: lock }).first().boundingBox();
  if (lanes === null || name === null) throw new Error('no lock lanes');
  const tooltip = page.locator('.tooltip');
  // The tooltip comes with the late parts.
  await page.mouse.move(lanes.x + 140, name.y + dy);
  await expect(tooltip).toBeVisible();
  for (let x = lanes.x + 140; x < lanes.x + lanes.width - 12; x += 4) {
    await point(page, x, name.y + dy);
    // Behind the end nothing is told.
    if ((await tooltip.count()) === 0) return '';
    const text = await tooltip.innerText();
    if (wanted.test(text)) return text;
  }
  return '';
}

test('a steal is marked, named, counted and explained', async ({ page }) => {
  await open(page);
  await choose(page, 'Scenario', /a mapper starves/);
  const legend = page.getByRole('list', { name: 'Legend: locks', exact: true });
  await expect(legend).toContainText('stolen');
  await expect(legend).not.toContainText('demanded');
  // The marks of steals stand above the owners.
  expect(await sweep(page, /^mmap_sem/, -4, /steals/)).toContain('unmapper steals mmap_sem past 1 waiter');
  await expect(inspector(page)).toContainText(/was passed\s*\d+ times/);
  await expect(inspector(page)).toContainText(/meanwhile it\s*sleeps/);
  await expect(inspector(page)).toContainText('who runs is faster than who has to wake up');
});

test('the figures are about the lock that is waited for, and tell no fact before the run is over', async ({
  page,
}) => {
  const figures = page.locator('.figure');
  await open(page, fragment({ scenario: 'big-vma-lock', set: {} }));
  await expect(figures.nth(0)).toContainText(/Longest hold of zone_lock ×2\d.* µs/);
  await expect(figures.nth(1)).toContainText(/Longest wait for zone_lock ×2\d.* µs.* waits in all/);
  await expect(page.locator('.strip')).not.toContainText('so far');

  // Some ten million faults: it is not over before it is stopped.
  await page.goto(`/#${fragment({ scenario: 'munmap-320g', set: { munmap: 'downgrade', think: '50us' } })}`);
  await expect(figures.nth(2)).toContainText(/faults\/s .*so far/);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await settled(page);
  await expect(figures.nth(1)).toContainText(/nobody had to wait so far|so far.*waits? so far/);
  await expect(figures.nth(2)).toContainText(/faults\/s .*so far/);
});

test('a lock is chosen by its name and in its lane', async ({ page }) => {
  await openText(page, { mmapLock: 'rwsem-3.16' });
  const chosen = inspector(page).locator('h2.chosen');
  const locks = page.getByRole('region', { name: 'Locks' });
  await page.locator('.lane-name', { hasText: 'other 0' }).click();
  await settled(page);
  await expect(chosen).toHaveCount(0);
  const name = locks.getByRole('button', { name: 'm', exact: true });
  await name.click();
  await expect(chosen).toHaveText('m now');
  await inspector(page).getByRole('button', { name: 'Let go of m' }).click();
  await expect(chosen).toHaveCount(0);

  // By key as well, with the ring around it within the list.
  const sem = locks.getByRole('button', { name: 'sem', exact: true });
  await sem.focus();
  await page.keyboard.press('Tab');
  await expect(name).toBeFocused();
  await expect(name).toHaveCSS('outline-style', 'solid');
  await page.keyboard.press('Enter');
  await expect(chosen).toHaveText('m now');

  // In the lane, where the playhead goes along as it always did.
  const clock = page.locator('.clock');
  const before = await clock.innerText();
  const at = await sem.boundingBox();
  if (at === null) throw new Error('no such lock');
  await page.mouse.click(at.x + 400, at.y + 8);
  await settled(page);
  await expect(chosen).toHaveText('sem now');
  expect(await clock.innerText()).not.toBe(before);
});

test('a lock that is handed to a sleeper is held by a thread that does not run', async ({ page }) => {
  await openText(page, { mmapLock: 'rwsem-3.8' });
  const legend = page.getByRole('list', { name: 'Legend: locks', exact: true });
  await expect(legend).toContainText('owner not running');
  await expect(legend).toContainText('handed over');
  const handed = await sweep(page, /^sem/, 25, /is handed to/);
  expect(handed).toMatch(/sem is handed to worker \d, which runs [\d.]+ µs later/);
  expect(await sweep(page, /^sem/, 8, /does not run/)).toMatch(/written by worker \d, which does not run/);
});

test('who spins, who sleeps and who demands the lock can be told', async ({ page }) => {
  await openText(page, { mmapLock: 'rwsem-3.8' });
  await expect(page.getByRole('list', { name: 'Legend: threads' })).toContainText('spinning');
  expect(await sweep(page, /^mqueue/, 36, /spinning/)).toMatch(/held by worker \d · \d waits? \(.*spinning/);
  expect(await sweep(page, /^mqueue/, 30, /demands/)).toMatch(/worker \d demands m: nobody may pass it/);
});

test('the locks of many processes that nobody waits for are one row, which opens by keyboard', async ({
  page,
}) => {
  await open(page, fragment({ scenario: 'stress-mmap', set: {} }));
  const locks = page.getByRole('region', { name: 'Locks', exact: true });
  const fold = locks.getByRole('button', { name: /^mmap_sem ×32\s*never contended/ });
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await fold.focus();
  await page.keyboard.press('Enter');
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await expect(locks.getByText('stressor 31', { exact: true })).toBeAttached();
  await expect(locks.locator('.lock-name')).toHaveCount(0);
});

test('every lock generation can be chosen, and a pair that no kernel had says so', async ({ page }) => {
  await openBaseline(page);
  const kernel = page.getByRole('banner').getByRole('button', { name: /^Kernel/ });
  await expect(kernel).not.toContainText('hypothetical');
  const before = await page.locator('.verdict').getAttribute('data-log');
  await kernel.click();
  const rwsems = page.getByRole('group', { name: /^Rwsem/ }).getByRole('option');
  expect(await rwsems.count()).toBeGreaterThanOrEqual(5);
  const spinlocks = page.getByRole('group', { name: 'Spinlock' }).getByRole('option');
  expect(await spinlocks.count()).toBeGreaterThanOrEqual(3);
  await rwsems.filter({ hasText: 'readers that spin' }).click();
  await settled(page);
  await expect(kernel).toContainText('rwsem-5.3 hypothetical');
  expect(await page.locator('.verdict').getAttribute('data-log')).not.toBe(before);
  await kernel.click();
  await expect(page.getByRole('dialog', { name: 'Kernel' })).toContainText(
    'munmap baseline with rwsem-5.3: its kernels had rwsem-3.16',
  );
});

/** Threads that fault side by side, and one that maps and unmaps. */
const FAULTS = `
scenario pft "faults beside a mapper" expect pass {
    extent 500us;
    area big = 8GB;
    daemon thread t[4] on cpu index {
        at = big.start + index * 128MB;
        while (1) { touch(at); at = at + 4096; }
    }
    daemon thread w on cpu 9 {
        while (1) {
            a = mmap(1MB);
            touch(a);
            munmap(range(a, a + 1MB));
            sleep(20us);
        }
    }
}
`;

const faults = (fault: string): string =>
  fragment({ scenario: 'pft', text: FAULTS, set: { fault }, thread: 't 1' });

/** Moves the pointer along a height until the tooltip says something; the text of the tooltip, or ''. */
async function sweepAt(page: Page, y: number, wanted: RegExp): Promise<string> {
  const lanes = await page.locator('.locks').boundingBox();
  if (lanes === null) throw new Error('no lock lanes');
  // The tooltip comes with the late parts.
  await page.mouse.move(lanes.x + 140, y);
  await expect(page.locator('.tooltip')).toBeVisible();
  for (let x = lanes.x + 140; x < lanes.x + lanes.width - 12; x += 3) {
    await point(page, x, y);
    const text = await page.locator('.tooltip').innerText();
    if (wanted.test(text)) return text;
  }
  return '';
}

async function middle(locator: Locator): Promise<number> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('not there');
  return box.y + box.height / 2;
}

test.describe('checked for access', () => {
  // The injected checker is not part of the page that the policy protects.
  test.use({ bypassCSP: true });

  test('per-VMA locks are one group, which opens to single ones', async ({ page }) => {
    const complaints = noComplaints(page);
    await open(page, faults('per-vma-lock-6.4'));
    const locks = page.getByRole('region', { name: 'Locks', exact: true });
    const group = locks.getByRole('button', { name: /^vm_lock \d+ of/ });
    await expect(group).toHaveAttribute('aria-expanded', 'false');
    await expect(locks.getByText('mmap_seq')).toHaveCount(0);
    expect(await sweepAt(page, (await middle(group)) - 6, /reader/)).toMatch(/per-VMA locks .*\n\d readers?/);
    await group.focus();
    await page.keyboard.press('Enter');
    await expect(group).toHaveAttribute('aria-expanded', 'true');
    const one = locks.getByTitle(/^vm_lock:1 \w/);
    await expect(one).toBeAttached();
    expect(await findings(page)).toEqual([]);
    // A link has it open too.
    await written(page);
    await page.reload();
    await settled(page);
    await expect(locks.getByRole('button', { name: /^vm_lock \d+ of/ })).toHaveAttribute(
      'aria-expanded',
      'true',
    );
    await expect(one).toBeAttached();
    complaints();
  });
});

test('the reason of an abort breaks between its words', async ({ page }) => {
  const at = { t: 14_938, ordinal: 0 };
  await open(page, fragment({ scenario: 'spf-any-change', set: {}, thread: 'starter 3', at }));
  const last = inspector(page).locator('dd', { hasText: 'spf_abort_' });
  await expect(last).toContainText('spf_abort_pte_map_lock_seq1 · ');
  const lines = await last.evaluate((dd) =>
    [...dd.childNodes]
      .filter((node) => /^\w+$/.test(node.textContent ?? ''))
      .map((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getClientRects().length;
      }),
  );
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((n) => n > 1)).toEqual([]);
});

test('a sequence count is odd while its writer is at work, and an abort has its reason', async ({ page }) => {
  const complaints = noComplaints(page);
  await open(page, faults('spf-2021'));
  const locks = page.getByRole('region', { name: 'Locks', exact: true });
  const seq = locks.getByText('mmap_seq', { exact: true });
  const y = await middle(seq);
  expect(await sweepAt(page, y, /odd/)).toMatch(/odd: w is at work/);
  expect(await sweepAt(page, await middle(locks.getByText('RCU grace')), /callback/)).toMatch(
    /\d+ callbacks? waits?/,
  );
  const thread = page.locator('.lane-name', { hasText: 't 1' });
  expect(await sweepAt(page, await middle(thread), /abort/)).toMatch(/abort: spf_abort_\w+/);
  const legend = page.getByRole('list', { name: 'Legend: threads', exact: true });
  await expect(legend).toContainText('aborted');
  await expect(page.getByRole('list', { name: 'Legend: locks', exact: true })).toContainText('odd count');
  await page.keyboard.press('End');
  await settled(page);
  await expect(inspector(page)).toContainText(/aborts\s*\d+ so far/);
  await expect(inspector(page)).toContainText(/the last\s*spf_abort_\w+/);
  await expect(inspector(page)).toContainText(/mmap_seq\s*\d+, (even|odd)/);
  complaints();
});
