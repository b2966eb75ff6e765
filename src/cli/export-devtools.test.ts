import { Handlers, TraceModel, type Types } from '@paulirish/trace_engine';
import { afterAll, describe, expect, it } from 'vitest';
import { Workshop } from './export-testing.ts';
import type { RunResult } from './result.ts';

/** The files as another program reads them: the engine behind the Performance panel of Chrome's DevTools. */

const shop = new Workshop();
afterAll(() => shop.remove());

const handed = 'chunk-starve --set mmapLock=rwsem-5.11 --until 180ms';
const nothing = { count: 0, ns: 0 };

/** A thread as it sees it. */
interface SeenThread {
  readonly name: string;
  readonly names: ReadonlyMap<string, { count: number; ns: number }>;
  readonly paths: ReadonlySet<string>;
  /** Slices and instants that it was given, and that it found a place for. */
  readonly given: number;
  readonly placed: number;
}

async function seenByDevTools(text: string): Promise<SeenThread[]> {
  const { traceEvents } = JSON.parse(text) as { traceEvents: Types.Events.Event[] };
  const model = TraceModel.Model.createWithAllHandlers();
  await model.parse(traceEvents, { showAllEvents: true });
  const data = model.parsedTrace()?.data;
  if (data === undefined) throw new Error('DevTools cannot read this');
  return Handlers.Threads.threadsInTrace(data).map(({ name, tree, entries, entryToNode }) => {
    const names = new Map<string, { count: number; ns: number }>();
    const paths = new Set<string>();
    const visit = (node: typeof tree.roots extends Set<infer N> ? N : never, path: string): void => {
      const total = names.get(node.entry.name) ?? { count: 0, ns: 0 };
      total.count++;
      total.ns += Math.round((node.entry.dur ?? 0) * 1000);
      names.set(node.entry.name, total);
      const own = path === '' ? node.entry.name : `${path} > ${node.entry.name}`;
      paths.add(own);
      for (const child of node.children) visit(child, own);
    };
    for (const root of tree.roots) visit(root, '');
    const placed = entries.filter((entry) => entryToNode.has(entry)).length;
    return { name: name ?? '', names, paths, given: entries.length, placed };
  });
}

describe('Chrome DevTools', () => {
  // The sections of the first one touch: as complete events (ph X) several of them would be lost here.
  const sections = 'munmap-320g-writer --set munmap=chunked --set size=100GB';
  const lines = [sections, 'vm-dead-race', handed, shop.mixed];

  it.each(lines)('reads the same threads, slices, nesting and sums: %s', async (line) => {
    const text = await shop.exported(line);
    const seen = await seenByDevTools(text);
    const run = await shop.measured(line);

    // It leaves out what overlaps with its neighbours: nothing may.
    for (const { name, given, placed } of seen) expect([name, placed]).toEqual([name, given]);
    expect(seen.reduce((sum, { given }) => sum + given, 0)).toBe(
      (text.match(/\n\{"ph":"(B|X|I)"/g) ?? []).length,
    );
    const total = (what: string): { count: number; ns: number } => {
      const mine = seen.map(({ names }) => names.get(what) ?? nothing);
      return {
        count: mine.reduce((sum, { count }) => sum + count, 0),
        ns: mine.reduce((sum, { ns }) => sum + ns, 0),
      };
    };
    for (const { id, kind, read, write } of run.locks) {
      const title = (mode: string): string => `wait ${id}${kind === 'rwsem' ? ` (${mode})` : ''}`;
      expect(total(title('W'))).toEqual({ count: write.wait.count, ns: write.wait.totalNs });
      if (kind === 'rwsem') {
        expect(total(title('R'))).toEqual({ count: read.wait.count, ns: read.wait.totalNs });
      }
    }
    expect(total('page fault').count).toBe(run.faults.count);
    for (const [name, { count }] of Object.entries(run.syscalls)) expect(total(name).count).toBe(count);
    for (const [name, phases] of Object.entries(run.phases)) {
      expect(seen.some(({ paths }) => paths.has(`${name} > ${phases[0]?.name}`))).toBe(true);
    }
    const mmapLock = run.locks.find(({ kind }) => kind === 'rwsem') as RunResult['locks'][0];
    const writers = seen.find(({ name }) => name === mmapLock.id);
    const held = [...(writers?.names.values() ?? [])].reduce((sum, { ns }) => sum + ns, 0);
    expect(held).toBe(mmapLock.write.hold.totalNs);
  });
});
