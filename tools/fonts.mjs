#!/usr/bin/env node
/**
 * Makes the two faces that the first paint waits for: of the fonts in node_modules only the letters and weights that the
 * page's own texts need. To be run again when a text needs one more letter: `node tools/fonts.mjs`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import { root } from './setup.mjs';

/** What the page's own texts are written in, beside ASCII; `fonts.css` names the same letters. */
export const LETTERS = '\u00a0°±·×µ–—‘’“”…↑↓−';

const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');

const FACES = [
  // Figures of one width are an alternative that Inter has to be asked for.
  { name: 'inter', keepFeatures: ['kern', 'mark', 'ccmp', 'tnum'] },
  // No ligatures: code is read letter by letter.
  { name: 'jetbrains-mono', keepFeatures: ['mark', 'ccmp'] },
];

for (const { name, keepFeatures } of FACES) {
  const from = `node_modules/@fontsource-variable/${name}/files/${name}-latin-wght-normal.woff2`;
  const face = await subsetFont(readFileSync(join(root, from)), ASCII + LETTERS, {
    targetFormat: 'woff2',
    keepFeatures,
    variationAxes: { wght: { min: 400, max: 700 } },
  });
  const to = `src/ui/fonts/${name}.woff2`;
  writeFileSync(join(root, to), face);
  process.stdout.write(`${to}: ${face.length} bytes\n`);
}
