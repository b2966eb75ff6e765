import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Files of this room without tests and what serves them, with their text. */
function sources(): { file: string; text: string }[] {
  const base = dirname(fileURLToPath(import.meta.url));
  return readdirSync(base, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && !f.startsWith('fuzz/'))
    .map((file) => ({ file, text: readFileSync(join(base, file), 'utf8') }));
}

describe('determinism of the source', () => {
  it('uses no function of Math in what happens during a run but exact integer multiplication', () => {
    // build, layout and reports work before or beside a run, on whole numbers.
    const beside = new Set([
      'build.ts',
      'alloc/account.ts',
      'alloc/zone-moment.ts',
      'simulation.ts',
      'moment.ts',
      'presence.ts',
      'reasons.ts',
      'world.ts',
    ]);
    for (const { file, text } of sources()) {
      if (beside.has(file)) continue;
      const used = [...text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').matchAll(/\bMath\.(\w+)/g)].map(
        (m) => m[1],
      );
      expect([file, used.filter((name) => name !== 'imul' && name !== 'sqrt')]).toEqual([file, []]);
    }
  });

  it('takes neither time nor chance from outside', () => {
    for (const { file, text } of sources()) {
      expect([file, /Date\.now|new Date|performance\.|Math\.random|crypto/.test(text)]).toEqual([
        file,
        false,
      ]);
    }
  });
});
