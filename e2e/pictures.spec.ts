import { expect, test } from 'playwright/test';
import { choose, open, settled } from './helpers.ts';

for (const theme of ['dark', 'light'] as const) {
  test.describe(`${theme} theme`, () => {
    test.use({ colorScheme: theme, reducedMotion: 'reduce' });

    test('the stall of the default scenario', async ({ page }) => {
      await open(page);
      await page.mouse.move(0, 0);
      await settled(page);
      await expect(page).toHaveScreenshot(`stall-${theme}.png`);
    });

    test('three threads to step through by hand', async ({ page }) => {
      await open(page);
      await choose(page, 'Scenario', /three threads/);
      await page.locator('.wordmark').click();
      await page.mouse.move(0, 0);
      await settled(page);
      await expect(page).toHaveScreenshot(`tiny-${theme}.png`);
    });
  });
}
