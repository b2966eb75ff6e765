import { expect, test } from 'playwright/test';

test('the page loads without a complaint in the console', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto('/');
  await expect(page.locator('main')).toBeVisible();
  expect(complaints).toEqual([]);
});
