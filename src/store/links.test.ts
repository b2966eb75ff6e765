import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Moment, State, type TraceMeta } from '../event/index.ts';
import { decodeLink, encodeLink, type LinkState } from '../scenario/link.ts';
import { linkOf } from './address.ts';
import { lockNamed } from './names.ts';
import { Bench, meta } from './testing.ts';

const NAMES: Partial<TraceMeta> = {
  mms: ['process', 'other'],
  locks: [
    { name: 'sem', kind: 'rwsem' },
    { name: 'm', kind: 'mutex' },
  ],
};
const THREADS = ['a', 'b'];
const LOCKS = [
  'mmap_lock/process',
  'mmap_lock/other',
  'sem',
  'm',
  'ptl:0x200000/other',
  'vm_lock:3/other',
  'mm_rb_lock/process',
];
const FRAMES = ['inner', 'outer'];

/** Both threads stand in both functions, wherever the playhead is. */
const STACKS: Moment['threads'] = THREADS.map((_, thread) => ({
  thread,
  state: State.KERNEL,
  cpu: thread,
  sinceNs: 0,
  site: 0,
  stack: FRAMES.map((fn) => ({ fn, file: 'x.kp', line: 1, col: 1 })),
}));

const time = fc.integer({ min: 0, max: 900_000 });
const span = fc
  .record({ from: time, span: fc.integer({ min: 40, max: 100_000 }) })
  .map(({ from, span: ns }) => ({
    from,
    to: from + ns,
  }));
const thread = fc.constantFrom(...THREADS);
const lock = fc.constantFrom(...LOCKS);
const yes = fc.constant(true as const);

const filter = fc.oneof(
  fc.record({ waiter: thread, holder: thread, lock }, { requiredKeys: ['holder'] }),
  fc.record({ waiter: thread, nobody: yes, lock }, { requiredKeys: ['nobody'] }),
);
const blame = fc
  .record({ whole: yes, lock, filter }, { requiredKeys: [] })
  .filter((parts) => Object.keys(parts).length > 0);

/** Whatever a page may say of itself, in the one way in which it says it. */
const link: fc.Arbitrary<LinkState> = fc
  .record(
    {
      scenario: fc.constantFrom('tiny', 'munmap-320g'),
      set: fc.dictionary(fc.constantFrom('munmap', 'size'), fc.constantFrom('baseline', '1GB')),
      at: fc.record({ t: time, ordinal: fc.integer({ min: 0, max: 9 }) }),
      view: fc.oneof(span, fc.constant('all' as const)),
      thread,
      lock,
      frame: fc.constantFrom(...FRAMES),
      line: fc.record({ file: fc.constantFrom('x.kp', 'mm/unmap.kp'), line: fc.nat(99) }),
      folds: fc.dictionary(fc.constantFrom('socket 0', 'socket 1', 'any'), fc.boolean(), { minKeys: 1 }),
      edges: fc.constantFrom('none' as const, 'all' as const),
      tables: yes,
      table: fc.constant('ptl:0x400000/process'),
      measured: span,
      drawer: fc.constantFrom('run', 'why', 'blame', 'statistics', 'zones'),
      blame,
    },
    { requiredKeys: ['scenario', 'set'] },
  )
  // With a playhead of its own a page is shown whole unless it says otherwise.
  .map(({ view, ...rest }) =>
    view === undefined || (view === 'all' && rest.at !== undefined) ? rest : { ...rest, view },
  );

/** Answers every move with the place that it asks for, until there is no more to do. */
function settle(bench: Bench, ordinal: number): void {
  for (let i = 0; bench.state.outstanding !== null && i < 5; i++) {
    const move = bench.moves().at(-1)?.move;
    bench.arrive(move?.to === 'time' ? move.t : (bench.state.moment?.t ?? 0), 100, ordinal, STACKS);
  }
}

describe('a link', () => {
  test('is read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(link, async (state) => {
        const read = await decodeLink(await encodeLink(state));
        expect(read.ok && read.state).toEqual(state);
      }),
    );
  });

  test('brings a page to a state whose link is the same, before it runs and when it has run', () => {
    fc.assert(
      fc.property(link, (state) => {
        const bench = new Bench();
        bench.state.applyLink(state);
        expect(linkOf(bench.state)).toEqual(state);
        bench.ready(undefined, NAMES);
        settle(bench, 0);
        bench.end();
        settle(bench, state.at?.ordinal ?? 0);
        expect(linkOf(bench.state)).toEqual(state);
      }),
    );
  });

  test('leaves nothing behind that the next one does not say', () => {
    fc.assert(
      fc.property(link, link, (first, second) => {
        const bench = new Bench();
        bench.state.applyLink(first);
        bench.ready(undefined, NAMES);
        settle(bench, 0);
        bench.end();
        settle(bench, 0);
        bench.state.applyLink(second);
        expect(linkOf(bench.state)).toEqual(second);
      }),
    );
  });

  test('of before these parts opens as it did', () => {
    const old: LinkState = { scenario: 'tiny', set: {}, view: { from: 5, to: 90 }, thread: 'b' };
    const bench = new Bench();
    bench.state.setEdges('all');
    bench.state.openDrawer('blame');
    bench.state.applyLink(old);
    const { edges, drawer, drawerChosen, tablesOpen, measured, line } = bench.state;
    expect({ edges, drawer, drawerChosen, tablesOpen, measured, line }).toEqual({
      edges: 'chain',
      drawer: 'run',
      drawerChosen: false,
      tablesOpen: false,
      measured: null,
      line: null,
    });
  });

  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`socket ${i}`, true]));
  test.each([
    ['a kind of edges', { edges: 'some' }],
    ['a drawer', { drawer: 'cellar' }],
    ['a switch', { tables: false }],
    ['a span', { measured: { from: -1, to: 5 } }],
    ['a line', { line: { file: 'x', line: 1.5 } }],
    ['a thread', { blame: { filter: { waiter: 7 } } }],
    ['a fold', { folds: { 'socket 0': 'yes' } }],
    ['so many folds', { folds: many }],
    ['so long a name', { lock: 'x'.repeat(201) }],
    ['a part', { unknown: 1 }],
  ])('with what is no such thing is refused: %s', async (_, part) => {
    const state = { scenario: 'tiny', set: {}, ...part } as unknown as LinkState;
    const read = await decodeLink(await encodeLink(state));
    expect(read.ok).toBe(false);
  });
});

test('a lock that a run does not have is not found', () => {
  const known: TraceMeta = { ...meta, ...NAMES };
  for (const name of ['', 'mmap_lock', 'sem2', 'ptl:0x200000/nobody', 'ptl:0xffffffffffff/other']) {
    expect(lockNamed(name, known)).toBeNull();
  }
  expect(lockNamed('mmap_lock', meta)).not.toBeNull();
});
