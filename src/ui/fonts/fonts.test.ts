import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const src = join(import.meta.dirname, '../..');

/** Letters of a style sheet's last range for a face: the small one's. */
function small(family: string): Set<number> {
  const css = readFileSync(join(src, 'ui/styles/fonts.css'), 'utf8');
  const face = css
    .split('@font-face')
    .filter((rule) => rule.includes(`'${family}'`))
    .at(-1);
  const ranges = /unicode-range:([^;]*);/.exec(face ?? '')?.[1] ?? '';
  return new Set(
    ranges.split(',').flatMap((range) => {
      const [from, to] = range
        .trim()
        .replace('U+', '')
        .split('-')
        .map((digits) => Number.parseInt(digits, 16));
      return Array.from({ length: (to ?? from ?? 0) - (from ?? 0) + 1 }, (_, i) => (from ?? 0) + i);
    }),
  );
}

/** Text that may come onto the page: string literals, JSX and paths, without what only developers read. */
function texts(): string {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|kp)$/.test(file) && !/test|fuzz|cli\//.test(file))
    .map((file) => readFileSync(join(src, file), 'utf8'))
    .join('\n')
    .replaceAll(/^\s*(\*|\/\*\*|\/\/(?![:?])).*$/gm, '');
}

test.each(['Inter Variable', 'JetBrains Mono Variable'])('%s has the letters of all our texts', (family) => {
  const has = small(family);
  // Two arrows that neither package draws come from the system's font.
  const missing = [...new Set(texts())].filter((c) => c > '~' && !has.has(c.codePointAt(0) ?? 0));
  expect(missing.filter((c) => !'←→'.includes(c))).toEqual([]);
});
