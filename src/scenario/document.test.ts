import { describe, expect, test } from 'vitest';
import { documentFile } from './document.ts';
import { gallery, resolve } from './gallery.ts';

const TEXT = `// Two of them.
scenario one "{" {
    extent 1ms;
    thread a on cpu 0 { compute(1us); }
}
scenario two "b" {
    // What it is about.
    set munmap = chunked;
    number every = 2us "pause";
    extent 1ms;
    thread a on cpu 0 { compute(every); }
}
`;

describe('the document of an experiment', () => {
  test('has the overrides in its scenario, in the place of what it sets itself', () => {
    const file = documentFile({ scenario: 'two', text: TEXT, set: { munmap: 'vm-dead', every: '3us' } });
    expect(file?.name).toBe('two.kp');
    expect(file?.text).toBe(
      TEXT.replace('    set munmap = chunked;\n', '    set every = 3us;\n    set munmap = vm-dead;\n'),
    );
  });

  test('says the same as the choices that were made, whatever they are', () => {
    for (const { id } of gallery) {
      const set = { munmap: 'vm-dead', mmapLock: 'rwsem-3.8', machine: 'e5-2680-2s', seed: '7' };
      const asked = resolve({ scenario: id, set });
      const file = documentFile({ scenario: id, set });
      if (file === null) throw new Error(`no document of ${id}`);
      const read = resolve({ scenario: id, text: file.text, set: {} });
      expect(read.ok && read.value.choices).toEqual(asked.ok && asked.value.choices);
    }
  });

  test('is not there for what cannot be read', () => {
    expect(documentFile({ scenario: 'nothing', set: {} })).toBeNull();
    expect(documentFile({ scenario: 'a', text: 'scenario a "" {', set: {} })).toBeNull();
    expect(documentFile({ scenario: 'a', text: '// nothing', set: {} })).toBeNull();
  });

  test('without an override is the text itself', () => {
    expect(documentFile({ scenario: 'two', text: TEXT, set: {} })?.text).toBe(TEXT);
  });
});
