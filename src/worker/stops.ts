import { vocabulary } from '../kernel/ops.ts';
import { Code, WORDS } from '../language/bytecode.ts';
import type { Program } from '../language/program.ts';

/** Steps that only look, or only take time: they change nothing that a record would tell of. */
const SILENT: ReadonlySet<string> = new Set([
  'rwsem_is_contended',
  'need_resched',
  'compute',
  'random',
  'find_vma',
  'vma_next',
  'vma_start',
  'vma_end',
  'vma_flags',
  'get_unmapped_area',
  'pte_none',
  'clear_page',
  'tlb_gather_mmu',
  'first_table',
  'next_table',
]);

/** True for instructions at which a record may be written: what a thread does without one nobody else can see. */
function writes(program: Program, pc: number): boolean {
  const { code } = program;
  switch (code[pc * WORDS]) {
    case Code.OP: {
      const op = vocabulary.ops[code[pc * WORDS + 2] as number];
      return op?.kind === 'step' && !SILENT.has(op.name);
    }
    case Code.STORE:
    case Code.WAIT:
    case Code.HALT:
      return true;
    default:
      return false;
  }
}

/**
 * Lines of every file at which a thread writes records by what it does there, itself or in what the line calls; in
 * order. At other lines it may be interrupted, but nobody sees it come there.
 */
export function stopLines(program: Program): Record<string, number[]> {
  const lines = new Map<string, Set<number>>();
  for (let pc = 0; pc < program.siteOf.length; pc++) {
    if (!writes(program, pc)) continue;
    for (let site = program.siteOf[pc] as number; site !== 0; ) {
      const at = program.sites[site];
      if (at === undefined) break;
      const known = lines.get(at.file) ?? new Set();
      lines.set(at.file, known.add(at.line));
      site = at.parent;
    }
  }
  return Object.fromEntries([...lines].map(([file, set]) => [file, [...set].sort((a, b) => a - b)]));
}
