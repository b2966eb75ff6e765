import { describe, expect, it } from 'vitest';
import { vocabulary } from '../../kernel/ops.ts';
import { operations } from './index.ts';

describe('operations', () => {
  it('are those of the vocabulary, each once', () => {
    const words = vocabulary.ops.map((o) => o.name).sort();
    expect(operations.map((o) => o.name).sort()).toEqual(words);
    expect(new Set(words).size).toBe(words.length);
  });

  it('are steps exactly where the vocabulary says so', () => {
    const steps = new Set(operations.filter((o) => o.step).map((o) => o.name));
    for (const spec of vocabulary.ops)
      expect([spec.name, steps.has(spec.name)]).toEqual([spec.name, spec.kind === 'step']);
  });

  it('have a footprint that names arguments they have, and writes that they also read', () => {
    for (const o of operations) {
      const spec = vocabulary.ops.find((s) => s.name === o.name);
      for (const what of [...o.footprint.reads, ...o.footprint.writes]) {
        const at = /^(\d+)/.exec(what)?.[1];
        if (at !== undefined) expect(Number(at)).toBeLessThan(spec?.params.length ?? 0);
      }
      for (const what of o.footprint.writes) expect(o.footprint.reads).toContain(what);
      if (!o.step) expect(o.footprint.writes).toEqual([]);
    }
  });
});
