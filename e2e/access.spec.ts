import { expect, test } from 'playwright/test';
import { findings } from './axe.ts';
import { choose, fragment, open, settled } from './helpers.ts';

for (const theme of ['dark', 'light'] as const) {
  test.describe(`${theme} theme`, () => {
    // The injected checker is not part of the page that the policy protects.
    test.use({ colorScheme: theme, bypassCSP: true });

    test('the page has no serious finding', async ({ page }) => {
      await open(page);
      expect(await findings(page)).toEqual([]);
      await choose(page, 'munmap', /Detach, downgrade/);
      expect(await findings(page)).toEqual([]);
    });

    test('menus, help and refusal have none either', async ({ page }) => {
      await open(page);
      await page.getByRole('combobox', { name: 'Scenario' }).click();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.type('munmap');
      expect(await findings(page)).toEqual([]);
      await page.keyboard.type(' of nothing');
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Settings' }).click();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Kernel/ }).click();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Speed/ }).click();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Step back' }).hover();
      // Half faded in, its contrast would be half.
      await expect(page.getByRole('tooltip')).toHaveCSS('opacity', '1');
      expect(await findings(page)).toEqual([]);
      await page.mouse.move(0, 0);
      // Nor is half faded out what anybody reads.
      await expect(page.getByRole('tooltip')).toHaveCount(0);
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      const link = fragment({ scenario: 'nothing', set: {} });
      await page.evaluate((to) => {
        location.hash = to;
      }, link);
      await settled(page);
      await expect(page.getByRole('alert')).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
  });
}

test('the state of the selected thread is there as a sentence', async ({ page }) => {
  await open(page);
  const said = page
    .getByRole('status')
    .filter({ hasText: /^faulter \d+ waits to read mmap_sem held by unmapper/ });
  await expect(said).toHaveCount(1);
});

test('everything can be reached with the keyboard', async ({ page }) => {
  await open(page);
  const reached = new Set<string>();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    reached.add(
      await page.evaluate(() => {
        const e = document.activeElement;
        return e?.getAttribute('aria-label') ?? e?.textContent?.slice(0, 20) ?? '';
      }),
    );
  }
  for (const name of ['Share', 'Help', 'Step back', 'Play', 'Next contention', 'Threads']) {
    expect([...reached]).toContain(name);
  }
});
