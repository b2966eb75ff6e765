import { pathFiles } from '../kernel/files.ts';
import { resolve } from '../scenario/index.ts';
import { measure } from './run.ts';

/** Small documents for tests of knobs of page faults, and what is looked at when they have run. */

export const SPF_VMA = ['spf-2014', 'spf-2018'];
export const SPF = [...SPF_VMA, 'spf-2021'];
export const PER_VMA = ['per-vma-lock-6.4', 'per-vma-lock-6.15'];
export const ALL = ['mmap-sem', ...SPF, ...PER_VMA];

/** What is looked at. */
export interface Seen {
  readonly outcome: string;
  /** Invariants that were broken. */
  readonly violated: readonly string[];
  /** Counters of kernel paths that are not 0. */
  readonly named: Readonly<Record<string, number>>;
  readonly segv: number;
  /** Grants of mmap_lock for reading, and of page-table locks. */
  readonly reads: number;
  readonly tables: number;
  readonly longestTableHoldNs: number;
  readonly flushes: number;
  readonly ns: number;
}

export interface Case {
  readonly knob: string;
  readonly faults: readonly string[];
  /** The document; by scheme, where labels have to be put into its path file. */
  readonly text: string | ((fault: string) => string);
  readonly set?: Readonly<Record<string, string>>;
  /** What is expected with the knob on, and off. */
  readonly expected: (on: Seen, off: Seen) => void;
}

export async function see(text: string, set: Readonly<Record<string, string>>): Promise<Seen> {
  const resolved = resolve({ scenario: 'test', text, file: 'test.kp', set });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.diagnostics));
  const r = await measure(resolved.value, undefined);
  const { schedule } = r;
  if (schedule !== null && r.outcome === 'pass' && schedule.over !== schedule.turns)
    throw new Error(`only ${schedule.over} of ${schedule.turns} turns are over`);
  const lock = (id: string) => r.locks.find((l) => l.id === id);
  return {
    outcome: r.outcome,
    violated: [...new Set(r.violations.map(({ invariant }) => invariant))],
    named: Object.fromEntries(Object.entries(r.counters.named).filter(([, n]) => n > 0)),
    segv: r.faults.segv,
    reads: lock('mmap_lock')?.read.acquired ?? 0,
    tables: lock('ptl')?.write.acquired ?? 0,
    longestTableHoldNs: lock('ptl')?.write.hold.maxNs ?? 0,
    flushes: r.counters.tlbFlushes,
    ns: r.simulatedNs,
  };
}

/**
 * A function of a path file with a label in it, before the statement that begins so. A document's function replaces that of
 * the path file, and a label of a document moves no line of a path file.
 */
function labelled(file: string, fn: string, label: string, before: string): string {
  const text = pathFiles[file] ?? '';
  const from = text.search(new RegExp(`^\\w[^\\n;]*\\b${fn}\\([^\\n;]*\\{$`, 'm'));
  const body = text.slice(from, text.indexOf('\n}\n', from) + 3);
  const at = body.indexOf(before);
  if (from < 0 || at < 0) throw new Error(`no '${before}' in ${fn} of ${file}`);
  return `${body.slice(0, at)}${label}: ${body.slice(at)}`;
}

export const head = 'set machine = small; set grain = page; extent 200ms;';

/** `a` faults twice, the second time as the scheme would; `b` does something else. */
export function pair(schedule: string, b: string, functions = ''): string {
  return `${functions}
    scenario test "test" { ${head}
      area heap = 2MB;
      thread a { touch(heap.start); next: touch(heap.start + PAGE_SIZE); }
      thread b { ${b} }
      schedule { ${schedule} } }`;
}

/** The same with a child, which fork fills. */
export function family(a: string, b: string, schedule: string, functions = ''): string {
  return `${functions}
    scenario test "test" { ${head}
      process parent { area heap = 64KB; thread a { ${a} } thread b { ${b} } }
      process child { thread c { } }
      schedule { ${schedule} } }`;
}

export const found = (fault: string): string => {
  if (fault === 'spf-2018')
    return labelled('fault/spf-2018.kp', 'speculative_fault', 'found', 'seq = raw_read');
  if (fault === 'spf-2021')
    return labelled('fault/spf-2021.kp', 'speculative_fault', 'found', 'start = vma->vm_start;');
  if (fault === 'spf-2014') return '';
  const start = fault === 'per-vma-lock-6.4' ? 'if (!vma_start_read' : 'err = vma_start_read';
  return labelled(`fault/${fault}.kp`, 'lock_vma_under_rcu', 'found', start);
};
export const locking = (fault: string): string =>
  labelled(
    `fault/${fault}.kp`,
    'vma_start_read',
    'locking',
    fault === 'per-vma-lock-6.4' ? 'if (!down_read_trylock' : 'err = vma_refcount_get',
  );
export const marked = labelled('mm/mprotect.kp', 'mprotect', 'marked', 'vma->vm_flags =');
export const changed = (fn: string): string =>
  fn.replace('    vma_write_end(', '    changed: vma_write_end(');
export const reusing = labelled('fault/write.kp', 'do_wp_page', 'reusing', 'spin_lock(&pt->ptl);');
export const collapsing = labelled(
  'mm/khugepaged.kp',
  'collapse_huge_page',
  'collapsing',
  'install_huge_pmd',
);
export const replacing = labelled('fault/write.kp', 'wp_page_copy', 'replacing', 'spin_lock(&pt->ptl);');

export const UNMAP = 'munmap(heap);';
export const READ_ONLY = 'mprotect(heap, VM_READ);';
export const COLLAPSE = 'collapse_huge_page(heap.start);';
export const EXPAND = 'shift_arg_pages(heap, 4 * PAGE_SIZE);';
