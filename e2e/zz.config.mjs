import { defineConfig } from '/work/main/node_modules/playwright/test.mjs';
import base from '/work/main/e2e/playwright.config.ts';
const address = 'http://127.0.0.1:4197';
export default defineConfig({ ...base, testDir: '/work/main/e2e', outputDir: '/tmp/mm-e2e', workers: 1,
  use: { ...base.use, baseURL: address },
  webServer: { command: 'node node_modules/vite/bin/vite.js preview --outDir /tmp/mmweb --port 4197 --strictPort', cwd: '/work/main', url: address, reuseExistingServer: true },
});
