import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { expect, type Locator, type Page } from 'playwright/test';
import { FORMAT_VERSION, MODEL_VERSION } from '../src/event/version.ts';

/** Waits until nothing is under way and everything is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => window.__mmscopeIdle?.() === true);
}

/** Waits until nothing is under way and the address says what the page shows. */
export async function written(page: Page): Promise<void> {
  await page.waitForFunction(() => window.__mmscopeWritten?.() === true);
}

/** Moves the pointer, and waits until the page says what it points at: it does so behind the next frame. */
export async function point(page: Page, x: number, y: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))),
  );
}

/** Opens the page, with a fragment if need be, and waits until it is quiet. */
export async function open(page: Page, fragment = ''): Promise<void> {
  await page.goto(fragment === '' ? '/' : `/#${fragment}`);
  await settled(page);
}

/** Opens the stall in which one hold for writing keeps everybody away, whatever the page opens with by itself. */
export async function openBaseline(page: Page): Promise<void> {
  await open(page, fragment({ scenario: 'munmap-320g', set: { munmap: 'baseline' } }));
}

/** Picks an entry of a select by a part of its title. */
export async function pick(page: Page, select: Locator, entry: RegExp | string): Promise<void> {
  await select.click();
  await page
    .locator('.floating')
    .getByRole('option', { name: entry, exact: typeof entry === 'string' })
    .click();
  await settled(page);
}

/** Picks an entry of a menu of the bar by a part of its title. */
export async function choose(page: Page, menu: string, entry: RegExp): Promise<void> {
  await pick(page, page.getByRole('banner').getByRole('combobox', { name: menu }), entry);
}

/** The panel about the selected thread. */
export function inspector(page: Page): Locator {
  return page.getByRole('region', { name: 'At the playhead', exact: true });
}

/** All that the page says in words about the moment at the playhead. */
export async function momentText(page: Page): Promise<string> {
  const parts: Locator[] = [
    page.getByRole('toolbar', { name: 'Playhead' }).locator('.clock'),
    page.getByRole('toolbar', { name: 'Playhead' }).locator('.at'),
    page.getByRole('region', { name: 'Code' }),
    inspector(page),
    page.getByRole('region', { name: 'Address space at the playhead' }),
  ];
  const text = (await Promise.all(parts.map((part) => part.innerText()))).join('\n');
  // What is said to screen readers of the line comes a moment later.
  return text.replaceAll(/\n+Line \d+.*\n/g, '\n');
}

const HEAD = `v${FORMAT_VERSION}.m${MODEL_VERSION}`;

/** A fragment made by hand, for states that the page itself would not make. */
export function fragment(state: unknown, head = HEAD): string {
  return `${head}.${deflateRawSync(JSON.stringify(state)).toString('base64url')}`;
}

/** The text of page-fault1 for a run of a few milliseconds. */
export function pageFaults(extent = '3ms'): string {
  const file = new URL('../src/scenario/gallery/page-fault1.kp', import.meta.url);
  return readFileSync(file, 'utf8').replace(/extent \w+;/, `extent ${extent};`);
}

/** Fails a test in which the page complained; call before opening it. */
export function noComplaints(page: Page): () => void {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return () => expect(complaints).toEqual([]);
}
