import { describe, expect, it } from 'vitest';
import { resolve } from '../../scenario/index.ts';
import { Draw } from './draw.ts';
import { mended } from './mended.ts';
import { compiler, examine } from './property.ts';

const compile = compiler(resolve);

describe('what random programs have found', () => {
  it.each([...mended])('stays mended: $name', ({ text }) => {
    // Audits look at random moments, so one look may miss it.
    for (let k = 0; k < 60; k++) expect(() => examine(text, new Draw(1, k), compile)).not.toThrow();
  });
});
