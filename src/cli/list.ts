import { workloadOf } from '../evidence/index.ts';
import { machines, recordsOf } from '../kernel/index.ts';
import { gallery } from '../scenario/index.ts';
import type { Arguments } from './args.ts';
import { UsageError } from './args.ts';

/** What `predict` measures of a scenario; nothing where it is no workload. */
function mark(id: string): { readonly workload?: true; readonly unit?: string } {
  const workload = workloadOf(id);
  return workload === undefined ? {} : { workload: true, unit: workload.unit };
}

/** What `list --json` prints. */
export function listing() {
  return {
    scenarios: gallery.map(({ id, title }) => ({ id, title, ...mark(id) })),
    machines,
    strategies: {
      munmap: recordsOf('munmap'),
      fault: recordsOf('fault'),
      mmapLock: recordsOf('mmapLock'),
      mutex: recordsOf('mutex'),
      spinlock: recordsOf('spinlock'),
      alloc: recordsOf('alloc'),
    },
  };
}

/** `list`: what there is to choose from. */
export function listCommand(args: Arguments): number {
  if (args.operands.length > 0) throw new UsageError(`list: unexpected argument '${args.operands[0]}'`);
  const all = listing();
  if (args.json) {
    process.stdout.write(`${JSON.stringify(all)}\n`);
    return 0;
  }
  const row = (id: string, title: string): string => `  ${id.padEnd(20)} ${title}\n`;
  let text = 'scenarios\n';
  for (const s of all.scenarios) {
    text += row(s.id, s.unit === undefined ? s.title : `${s.title} (workload: ${s.unit})`);
  }
  text += 'machines\n';
  for (const m of all.machines) text += row(m.id, m.title);
  for (const [kind, records] of Object.entries(all.strategies)) {
    text += `${kind}\n`;
    for (const r of records) text += row(r.id, r.title);
  }
  process.stdout.write(text);
  return 0;
}
