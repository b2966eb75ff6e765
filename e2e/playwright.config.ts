import { defineConfig } from 'playwright/test';
import { findBrowser } from '../tools/setup.mjs';

/** Set where several checkouts are tested on one machine. */
const port = process.env['MMSCOPE_PORT'] ?? '4173';
const address = `http://127.0.0.1:${port}`;
const executablePath = await findBrowser();

/**
 * Playwright's own list, which a second one replaces, and at the end what makes of every new window two more pages, for the
 * suggestions of an address bar that nobody sees: they cost more than most tests.
 */
const WITHOUT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
];

export default defineConfig({
  testDir: '.',
  outputDir: '../dist/e2e',
  snapshotPathTemplate: '{testDir}/snapshots/{testFileName}/{arg}{ext}',
  // A missing picture fails: it is made on demand, and looked at.
  updateSnapshots: 'none',
  forbidOnly: Boolean(process.env['CI']),
  fullyParallel: true,
  workers: 2,
  // A busy machine lets a browser starve now and then; what only passes the second time is listed as flaky.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 20_000, toHaveScreenshot: { maxDiffPixelRatio: 0.005, animations: 'disabled' } },
  reporter: 'list',
  use: {
    baseURL: address,
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    locale: 'en-GB',
    timezoneId: 'UTC',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      // The rendering flags make pictures comparable; the others keep the browser off the network.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-lcd-text',
        '--font-render-hinting=none',
        '--force-device-scale-factor=1',
        '--hide-scrollbars',
        `--disable-features=${WITHOUT.join(',')}`,
      ],
    },
  },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --outDir dist/web --port ${port}`,
    cwd: '..',
    url: address,
    reuseExistingServer: false,
  },
});
