import { pathFiles } from '../../kernel/files.ts';
import { sharedFiles, vocabulary } from '../../kernel/index.ts';
import type { Draw } from './draw.ts';
import { address, type Choices, range, type Scope } from './scope.ts';
import { around, line } from './tree.ts';

/** Words that user programs call, as the path files declare them: a new one comes up here by itself. */
const signatures: readonly { readonly name: string; readonly parameters: readonly string[] }[] =
  vocabulary.entries.flatMap(({ name, table }) => {
    if (name.startsWith('do_')) return [];
    const files = [...sharedFiles, ...Object.keys(pathFiles)];
    const declared = new RegExp(`^\\w+ ${name}\\(([^)]*)\\)`, 'm');
    const found = files.map((file) => declared.exec(pathFiles[file] ?? '')).find((match) => match !== null);
    if (table !== 'syscall' || found === undefined || found === null) return [];
    const parameters = (found[1] ?? '').split(',').map((p) => p.trim().replace(/\s*\*?\w+$/, ''));
    return [{ name, parameters }];
  });

/** Calls that zones do not follow; see misfitOf. */
const MOVES = new Set(['fork', 'mremap', 'collapse_huge_page', 'shift_arg_pages']);

const OFTEN = new Set(['munmap', 'mmap_fixed', 'madvise_dontneed']);

function argument(d: Draw, s: Scope, type: string): string {
  switch (type) {
    case 'range':
      return range(d, s);
    case 'addr':
      return address(d, s);
    case 'struct mm_struct':
      return d.chance(0.5) ? 'mm' : `mm_of(${d.int(0, s.processes - 1)})`;
    default:
      return d.pick(['4096', '64KB', '3MB', '100', '1GB']);
  }
}

/** System calls and memory accesses of a user program. */
export const calls: Choices = [
  [8, (d, s) => line(`touch(${address(d, s)});`)],
  ...signatures.map(({ name, parameters }): Choices[number] => [
    OFTEN.has(name) ? 4 : 1.5,
    (d, s) =>
      s.zones && MOVES.has(name)
        ? line(`touch(${address(d, s)});`)
        : line(`${name}(${parameters.map((type) => argument(d, s, type)).join(', ')});`),
  ]),
  [
    2,
    (d) => {
      const size = d.pick(['4096', '64KB', '3MB']);
      const steps = ['touch(p);', `munmap(range(p, p + ${size}));`, `touch(p + ${d.int(0, 5_000)});`];
      return around(`p = mmap(${size});\nif (p > 0) {`, steps.slice(0, d.int(1, 3)).map(line), '}');
    },
  ],
  [
    1,
    (d, s) => {
      const step = line(`touch(${d.pick(s.areas).name}.start + k * PAGE_SIZE);`);
      return around(`for (k = 0; k < ${d.int(2, 6)}; k++) {`, [step], '}');
    },
  ],
];
