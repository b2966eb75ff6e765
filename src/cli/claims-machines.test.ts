import { describe, expect, it } from 'vitest';
import { resolve } from '../scenario/index.ts';
import { measure } from './run.ts';

/** What machines of the studies of faults must show, run as the command line runs them. */

function resolved(text: string, set: Record<string, string>) {
  const resolution = resolve({ scenario: 'a', text, set });
  if (!resolution.ok) throw new Error(JSON.stringify(resolution.diagnostics));
  return resolution.value;
}

const PAGES = 5_120;

const EACH = 'for (at = heap.start; at < heap.end; at += PAGE_SIZE) touch(at);';
/** What nobody else notices as one step, as the scenarios of zones do. */
const AS_RUN = 'touch_range(heap);';

/** ns a page, of a thread that touches memory with pages that it has had before: nobody's struct pages are no CPU's. */
async function faultNs(touch: string, set: Record<string, string>): Promise<number> {
  const run = async (then: string): Promise<number> => {
    const text = `scenario a "one thread touches memory" {
      extent 1s;
      area heap = ${PAGES} * PAGE_SIZE;
      thread t on cpu 0 { ${touch} madvise_dontneed(heap); ${then} }
    }`;
    const r = await measure(resolved(text, set), undefined);
    expect([r.outcome, r.faults.count]).toEqual(['pass', then === '' ? PAGES : 2 * PAGES]);
    return r.simulatedNs;
  };
  return ((await run(touch)) - (await run(''))) / PAGES;
}

describe('a fault of one thread', () => {
  it.each([
    ['haswell-ep-24c', 1_600, 1_800],
    ['ivybridge-ep-20c', 1_600, 1_800],
    ['ivybridge-ex-60c', 1_600, 2_000],
    ['rome-128c', 700, 800],
  ] as const)('takes on %s what was measured there, whatever the allocator', async (machine, least, most) => {
    for (const alloc of ['simple', 'zone']) {
      for (const touch of [EACH, AS_RUN]) {
        const ns = await faultNs(touch, { machine, alloc });
        expect([alloc, touch, ns > least, ns < most]).toEqual([alloc, touch, true, true]);
      }
    }
  });
});

describe('the home of the lock of an mm', () => {
  const crowd = (node: number) => `scenario a "32 CPUs of a node after one lock" {
    set machine = rome-128c;
    extent 2ms;
    thread first on cpu ${node * 64} { compute(1ns); }
    thread t[32] on cpu index { while (1) { down_read(&mm->mmap_sem); compute(100); up_read(&mm->mmap_sem); } }
  }`;

  it('on the other socket makes readers of one socket slower', async () => {
    const rate = async (node: number) => {
      const r = await measure(resolved(crowd(node), {}), 1e6);
      return r.locks.find(({ id }) => id === 'mmap_lock')?.read.acquired ?? 0;
    };
    // Transfers out of a CCX take 132 ns or 267; those within one, and the work between them, do not change.
    const ratio = (await rate(0)) / (await rate(1));
    expect(ratio).toBeGreaterThan(1.3);
    expect(ratio).toBeLessThan(267 / 132);
  });
});

describe('a topology that was set', () => {
  it('runs with four threads a core and more CPUs than any preset', async () => {
    const text = `scenario a "a thread on every CPU" { set alloc = zone; extent 20ms; area heap = 2 * NR_CPUS * PAGE_SIZE;
      thread t[NR_CPUS] on cpu index { touch(heap.start + 2 * index * PAGE_SIZE); } }`;
    const set = { machine: 'rome-128c', sockets: '8', cores: '32', threadsPerCore: '4', grain: 'page' };
    const r = await measure(resolved(text, set), undefined);
    expect([r.outcome, r.faults.count, r.violationCount]).toEqual(['pass', 1_024, 0]);
    expect(r.set).toMatchObject({ sockets: 8, cores: 32, threadsPerCore: 4 });
  });

  it('has no CPU for a thread that is pinned beyond it', async () => {
    const text = 'scenario a "far" { extent 1ms; thread t on cpu 5 { compute(1us); } }';
    const few = resolved(text, { machine: 'e5-2680-2s', sockets: '1', cores: '2' });
    await expect(measure(few, undefined)).rejects.toThrow(
      'thread t is pinned to CPU 5, but machine e5-2680-2s has CPUs 0 to 3',
    );
  });
});
