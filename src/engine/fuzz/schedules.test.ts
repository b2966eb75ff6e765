import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { resolve } from '../../scenario/index.ts';
import { compiler, type Guard, missing, runCases } from './property.ts';
import { generateScheduled } from './schedules.ts';

const wish = process.env['MMSCOPE_FUZZ'];
const long = wish === 'long';
const seed = long ? Date.now() % 2 ** 31 : 1;
const size = long ? 20_000 : 800;
/** One case alone, by seed and number. */
const alone = /^(\d+):(\d+)$/.exec(wish ?? '');

const compile = compiler(resolve);

/** A loop without end inside the engine can only be ended from outside its code. */
const call = new Script('mmscopeCase()');
const guard: Guard = (run) => {
  Object.assign(globalThis, { mmscopeCase: run });
  call.runInThisContext({ timeout: 30_000 });
};

describe.skipIf(alone !== null)('random programs with random schedules', () => {
  it(`${size} cases of seed ${seed}`, { timeout: 900_000 }, () => {
    const tally = runCases(seed, 0, size, compile, guard, generateScheduled);
    // Violations need unsound paths, which few of these programs have.
    expect(missing(tally).filter((outcome) => outcome !== 'violation')).toEqual([]);
    const missed = [...tally.keys()].filter((outcome) => outcome.includes('its turn in the schedule'));
    expect(missed).toHaveLength(1);
    // Where most schedules broke off early, the turns behind would hardly be tested.
    expect(tally.get('pass') ?? 0).toBeGreaterThan(size / 5);
  });
});

it.skipIf(alone === null)('one case', { timeout: 900_000 }, () => {
  const [, ofSeed, k] = (alone ?? []).map(Number);
  if (ofSeed !== undefined && k !== undefined) runCases(ofSeed, k, k + 1, compile, guard, generateScheduled);
});
