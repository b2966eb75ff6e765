import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { resolve } from '../../scenario/index.ts';
import { compiler, type Guard, missing, runCases } from './property.ts';

/** Two files share the cases, so that two cores do. A long run takes more of them, of a fresh seed. */
const FILE = 1;
const PARTS = 5;
const wish = process.env['MMSCOPE_FUZZ'];
const long = wish === 'long';
const seed = long ? Date.now() % 2 ** 31 : 1;
const size = (long ? 40_000 : 2_500) / PARTS;
/** One case alone, by seed and number. */
const alone = /^(\d+):(\d+)$/.exec(wish ?? '');

const compile = compiler(resolve);

/** A loop without end inside the engine can only be ended from outside its code. */
const call = new Script('mmscopeCase()');
const guard: Guard = (run) => {
  Object.assign(globalThis, { mmscopeCase: run });
  call.runInThisContext({ timeout: 30_000 });
};

describe.skipIf(alone !== null)('random programs', () => {
  for (let part = 0; part < PARTS; part++) {
    const from = FILE * 1_000_000 + part * size;
    it(`cases ${from} to ${from + size - 1} of seed ${seed}`, { timeout: 900_000 }, () => {
      expect(missing(runCases(seed, from, from + size, compile, guard))).toEqual([]);
    });
  }
});

it.skipIf(alone === null)('one case', { timeout: 900_000 }, () => {
  const [, ofSeed, k] = (alone ?? []).map(Number);
  if (ofSeed !== undefined && k !== undefined) runCases(ofSeed, k, k + 1, compile, guard);
});
