import { describe, expect, it } from 'vitest';
import { MODEL_VERSION } from '../event/index.ts';
import { gallery, resolve } from '../scenario/index.ts';
import golden from './golden.json' with { type: 'json' };
import { measure } from './run.ts';

/**
 * Hashes of whole logs. A hash changes only with the model: whoever changes one raises MODEL_VERSION, says why in the
 * commit, and writes the new hashes down (`npm run -s mmscope -- run SCENARIO --json` tells them).
 */
describe('golden logs', () => {
  it('belong to this version of the model', () => {
    expect(golden.model).toBe(MODEL_VERSION);
  });

  const cases = Object.entries(golden.hashes as Record<string, string>);

  it('cover the gallery', () => {
    for (const { id } of gallery) expect(cases.some(([name]) => name.split(' ')[0] === id)).toBe(true);
  });

  for (const [name, hash] of cases) {
    it(name, async () => {
      const [scenario = '', ...sets] = name.split(' ');
      const result = resolve({
        scenario,
        set: Object.fromEntries(sets.map((s) => s.split('=') as [string, string])),
      });
      if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
      expect((await measure(result.value, undefined)).hash).toBe(hash);
    });
  }
});
