import { describe, expect, test, vi } from 'vitest';
import { decodeLink, encodeLink, type LinkState } from '../scenario/link.ts';
import { titles } from '../scenario/titles.ts';
import { type Address, bindAddress, linkOf, WRITE_AFTER_MS } from './address.ts';
import { selectedName } from './derive.ts';
import { DEFAULT_EXPERIMENT } from './experiment.ts';
import { Bench } from './testing.ts';

/** An address bar with its history. */
class Bar {
  readonly entries: string[];
  at = 0;
  #listener: () => Promise<void> = () => Promise.resolve();

  constructor(first = '') {
    this.entries = [first];
  }

  read(): string {
    return this.entries[this.at] ?? '';
  }

  push(fragment: string): void {
    this.entries.splice(this.at + 1, this.entries.length, fragment);
    this.at++;
  }

  replace(fragment: string): void {
    this.entries[this.at] = fragment;
  }

  onChange(listener: () => Promise<void>): void {
    this.#listener = listener;
  }

  back(): Promise<void> {
    this.at--;
    return this.arrive();
  }

  /** The reader has come to the present entry. */
  arrive(): Promise<void> {
    return this.#listener();
  }
}

async function opened(fragment = ''): Promise<{ bench: Bench; bar: Bar; address: Address }> {
  const bench = new Bench();
  const bar = new Bar(fragment);
  const address = bindAddress(bench.store, bar);
  await address.start();
  return { bench, bar, address };
}

const LINK: LinkState = {
  scenario: 'tiny',
  set: { munmap: 'baseline' },
  at: { t: 500, ordinal: 2 },
  view: { from: 100, to: 900 },
  thread: 'b',
};

describe('the address', () => {
  test('an empty one opens the default', async () => {
    const { bench } = await opened();
    expect(bench.state.experiment).toEqual(DEFAULT_EXPERIMENT);
  });

  test('the title of what it opens is there with it', async () => {
    const titleOf = ({ state }: Bench): string | undefined =>
      state.titles.find(({ id }) => id === state.experiment.scenario)?.title;
    const first = (await opened()).bench;
    expect(first.state.titles).toHaveLength(1);
    expect(titleOf(first)).toBe(titles.find(({ id }) => id === DEFAULT_EXPERIMENT.scenario)?.title);
    const { bench } = await opened(await encodeLink(LINK));
    expect(titleOf(bench)).toBe(titles.find(({ id }) => id === LINK.scenario)?.title);
  });

  test('a link brings experiment, playhead, zoom and selection, and reads the same again', async () => {
    const { bench } = await opened(await encodeLink(LINK));
    expect(bench.state.experiment).toEqual({ scenario: 'tiny', set: { munmap: 'baseline' } });
    expect(linkOf(bench.state)).toEqual(LINK);
    bench.ready();
    bench.end();
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 500 });
    bench.arrive(500, 10, 5);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'event', event: 7 });
    bench.arrive(500, 7, 2);
    expect(linkOf(bench.state)).toEqual(LINK);
    expect(selectedName(bench.state)).toBe('b');
  });

  test.each(['nonsense', 'v1.m1.AAAA', 'v9.m1.AAAA', 'v1.m1.!!'])(
    'a broken one (%s) says so and opens the default',
    async (fragment) => {
      const { bench } = await opened(fragment);
      expect(bench.state.notice?.tone).toBe('error');
      expect(bench.state.notice?.text).toContain('default scenario');
      expect(bench.state.experiment).toEqual(DEFAULT_EXPERIMENT);
    },
  );

  test('one of another model says so and keeps the time', async () => {
    const fragment = (await encodeLink(LINK)).replace(/\.m\d+\./, '.m9999.');
    const { bench } = await opened(fragment);
    expect(bench.state.notice?.text).toContain('another version of the model');
    expect(bench.state.destination).toEqual({ t: 500, ordinal: 2 });
  });

  test('choices push the history, playhead and zoom replace it, and back goes back', async () => {
    const { bench, bar, address } = await opened(await encodeLink({ scenario: 'tiny', set: {} }));
    bench.ready();
    bench.arrive(0, 0);
    bench.end();
    bench.state.setRange({ from: 5, to: 50 });
    await address.flush();
    expect(bar.entries).toHaveLength(1);
    bench.state.choose('munmap', 'baseline');
    await address.flush();
    expect(bar.entries).toHaveLength(2);
    const last = await decodeLink(bar.read());
    expect(last.ok && last.state.set).toEqual({ munmap: 'baseline' });
    await bar.back();
    expect(bench.state.experiment).toEqual({ scenario: 'tiny', set: {} });
    expect(bench.state.range).toEqual({ from: 5, to: 50 });
    expect(bar.entries).toHaveLength(2);
  });

  test('the last place the reader goes to counts, however fast it is left and reached', async () => {
    const { bench, bar, address } = await opened(await encodeLink({ scenario: 'tiny', set: {} }));
    bench.ready();
    bench.end();
    bench.state.choose('munmap', 'baseline');
    await address.flush();
    const back = bar.back();
    expect(address.busy()).toBe(true);
    bar.at++;
    await Promise.all([back, bar.arrive()]);
    expect(address.busy()).toBe(false);
    expect(bench.state.experiment.set).toEqual({ munmap: 'baseline' });
    await address.flush();
    expect((await decodeLink(bar.read())).ok).toBe(true);
    expect([bar.at, bar.entries.length]).toEqual([1, 2]);
  });

  test('a choice that is still packed when the reader goes back is not written over where he went', async () => {
    const { bench, bar, address } = await opened(await encodeLink({ scenario: 'tiny', set: {} }));
    const first = bar.read();
    bench.ready();
    bench.end();
    bench.state.choose('munmap', 'baseline');
    await address.flush();
    bench.ready();
    bench.end();
    bench.state.choose('munmap', 'chunked');
    await bar.back();
    await vi.waitFor(() => expect(address.busy()).toBe(false));
    expect([bar.read(), bar.at, bar.entries.length]).toEqual([first, 0, 2]);
    expect(bench.state.experiment.set).toEqual({});
  });

  test('a choice of what is shown is in the address at once, a zoom when it rests', async () => {
    const { bench, bar, address } = await opened(await encodeLink({ scenario: 'tiny', set: {} }));
    bench.ready();
    bench.arrive(0, 0);
    bench.end();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const before = bar.read();
      bench.state.setRange({ from: 5, to: 50 });
      bench.state.openTables(true);
      // Packing is the only wait: no timer fires by itself here.
      while (bar.read() === before) await new Promise(setImmediate);
      const link = await decodeLink(bar.read());
      expect(link.ok && [link.state.tables, link.state.view]).toEqual([true, { from: 5, to: 50 }]);
      const open = bar.read();
      bench.state.setRange({ from: 6, to: 50 });
      expect([bar.read(), address.waiting()]).toEqual([open, true]);
      vi.advanceTimersByTime(WRITE_AFTER_MS);
      while (bar.read() === open) await new Promise(setImmediate);
      expect(bar.entries).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a link to the experiments opens them without a run, and the way back is a run', async () => {
    const { bench, bar, address } = await opened('x1.m3.machine=skylake-desktop');
    expect([bench.state.page, bench.state.run, bench.sent.length]).toEqual(['experiments', 0, 0]);
    expect(bench.state.experimentsLink).toBe('x1.m3.machine=skylake-desktop');
    bench.state.showRun();
    expect(bench.state.experiment).toEqual(DEFAULT_EXPERIMENT);
    await address.flush();
    expect(bar.entries).toHaveLength(2);
    expect((await decodeLink(bar.read())).ok).toBe(true);
    await bar.back();
    expect(bench.state.page).toBe('experiments');
  });

  test('a link to the mechanisms opens them, is kept as the reader changes them, and leads back to the run', async () => {
    const { bench, bar, address } = await opened('t1.m3.sort=name');
    expect([bench.state.page, bench.state.run, bench.sent.length]).toEqual(['mechanisms', 0, 0]);
    bench.state.showMechanisms('t1.m3.kind=munmap');
    await address.flush();
    expect([bar.read(), bar.entries.length]).toEqual(['t1.m3.kind=munmap', 1]);
    bench.state.showExperiments(bench.state.experimentsLink);
    await address.flush();
    expect([bench.state.page, bar.entries.length]).toEqual(['experiments', 2]);
    await bar.back();
    expect([bench.state.page, bench.state.mechanismsLink]).toEqual(['mechanisms', 't1.m3.kind=munmap']);
    bench.state.showRun();
    expect(bench.state.experiment).toEqual(DEFAULT_EXPERIMENT);
  });

  test('back from the experiments is the run as it was, not another one', async () => {
    const { bench, bar, address } = await opened(await encodeLink({ scenario: 'tiny', set: {} }));
    bench.ready();
    bench.arrive(0, 0);
    bench.end();
    await address.flush();
    const { run } = bench.state;
    const before = bar.read();
    // A link that is followed: the browser makes the entry.
    bar.push(bench.state.experimentsLink);
    await bar.arrive();
    expect(bench.state.page).toBe('experiments');
    // What goes on with the run meanwhile does not get into the address.
    bench.state.setRange({ from: 5, to: 50 });
    await address.flush();
    expect(bar.read()).toBe(bench.state.experimentsLink);
    await bar.back();
    expect([bench.state.page, bench.state.run]).toEqual(['run', run]);
    expect(bar.read()).toBe(before);
    await address.flush();
    const link = await decodeLink(bar.read());
    expect(link.ok && link.state.view).toEqual({ from: 5, to: 50 });
    expect(bar.entries).toHaveLength(2);
  });
});
