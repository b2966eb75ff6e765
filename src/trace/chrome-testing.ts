import type { TraceMeta } from '../event/index.ts';
import { ChromeWriter } from './chrome.ts';
import { type LogBuilder, testMeta } from './testing.ts';

/** A strict reader of the trace files that this room writes, for tests: what a viewer would make up for, it refuses. */

interface RawEvent {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, string | number | boolean>>;
}

export interface ReadSlice {
  readonly name: string;
  readonly cat: string;
  /** ns */
  readonly start: number;
  end: number;
  readonly parent: ReadSlice | undefined;
  args: Readonly<Record<string, string | number | boolean>>;
}

export interface ReadLane {
  readonly pid: number;
  readonly tid: number;
  name: string;
  sort: number;
  readonly slices: ReadSlice[];
  readonly states: {
    readonly name: string;
    readonly start: number;
    readonly end: number;
    readonly cpu: unknown;
  }[];
  readonly instants: { readonly name: string; readonly t: number; readonly args: RawEvent['args'] }[];
}

export interface ReadFlow {
  readonly name: string;
  readonly from: { readonly lane: ReadLane; readonly t: number };
  readonly to: { readonly lane: ReadLane; readonly t: number };
}

export interface ReadTrace {
  readonly about: Readonly<Record<string, unknown>>;
  readonly processes: ReadonlyMap<number, string>;
  readonly lanes: readonly ReadLane[];
  readonly flows: readonly ReadFlow[];
  /** By "pid name key". */
  readonly counters: ReadonlyMap<string, readonly { readonly t: number; readonly value: number }[]>;
}

function refuse(event: RawEvent, why: string): never {
  throw new Error(`${why}: ${JSON.stringify(event)}`);
}

const nsOf = (micros: number): number => Math.round(micros * 1000);

/**
 * Reads a file and checks it: numbers with three decimals, slices that nest lane by lane, flows with one beginning and
 * one end inside slices, counters that are never negative and never tell two values of one moment.
 * @throws Error naming the event that is wrong.
 */
export function readTrace(text: string): ReadTrace {
  const times = text.match(/"(ts|dur)":[^,}]*/g) ?? [];
  for (const time of times) if (!/:\d+\.\d{3}$/.test(time)) throw new Error(`not a time: ${time}`);
  const whole = JSON.parse(text) as { otherData: ReadTrace['about']; traceEvents: RawEvent[] };
  const lanes = new Map<string, ReadLane>();
  const laneOf = ({ pid, tid }: RawEvent): ReadLane => {
    const key = `${pid}:${tid}`;
    let lane = lanes.get(key);
    if (lane === undefined) {
      lane = { pid, tid, name: '', sort: -1, slices: [], states: [], instants: [] };
      lanes.set(key, lane);
    }
    return lane;
  };
  const processes = new Map<number, string>();
  const counters = new Map<string, { t: number; value: number }[]>();
  const ends = new Map<number, { from?: RawEvent; to?: RawEvent }>();
  const stacks = new Map<ReadLane, ReadSlice[]>();
  // As viewers do: by time, and in the order of the file where times are equal.
  const events = whole.traceEvents.map((event) => ({ ...event, ts: nsOf(event.ts) }));
  for (const event of events.sort((a, b) => a.ts - b.ts)) {
    const { ph, name, ts, args = {} } = event;
    if (!(ts >= 0)) refuse(event, 'time before 0');
    const lane = laneOf(event);
    let stack = stacks.get(lane);
    if (stack === undefined) {
      stack = [];
      stacks.set(lane, stack);
    }
    if (ph === 'M') {
      if (name === 'process_name') processes.set(event.pid, String(args['name']));
      else if (name === 'thread_name') lane.name = String(args['name']);
      else if (name === 'thread_sort_index') lane.sort = Number(args['sort_index']);
    } else if (ph === 'B' || ph === 'X') {
      const parent = stack.at(-1);
      const slice = { name, cat: event.cat ?? '', start: ts, end: Number.NaN, parent, args };
      lane.slices.push(slice);
      if (ph === 'B') stack.push(slice);
      else if (event.dur === 0) slice.end = ts;
      else refuse(event, 'a complete event that lasts');
    } else if (ph === 'E') {
      const slice = stack.pop();
      if (slice?.name !== name || slice.cat !== event.cat)
        refuse(event, 'ends what is not the innermost slice');
      slice.end = ts;
      slice.args = { ...slice.args, ...args };
    } else if (ph === 'T') {
      const before = lane.states.at(-1);
      if (before !== undefined && before.end > ts) refuse(event, 'state that overlaps the one before');
      lane.states.push({ name, start: ts, end: ts + nsOf(event.dur ?? Number.NaN), cpu: args['cpu'] });
    } else if (ph === 'I') {
      if (event.s !== 't' && event.s !== 'p') refuse(event, 'scope');
      lane.instants.push({ name, t: ts, args });
    } else if (ph === 'C') {
      for (const [key, value] of Object.entries(args)) {
        if (typeof value !== 'number' || value < 0) refuse(event, 'not a count');
        const series = counters.get(`${event.pid} ${name} ${key}`) ?? [];
        if (series.at(-1)?.t === ts) refuse(event, 'two values of one moment');
        series.push({ t: ts, value });
        counters.set(`${event.pid} ${name} ${key}`, series);
      }
    } else if (ph === 's' || ph === 'f') {
      const end = ends.get(event.id as number) ?? {};
      if ((ph === 's' ? end.from : end.to) !== undefined) refuse(event, 'a second end of one flow');
      if (ph === 's') end.from = event;
      else if (event.bp === 'e') end.to = event;
      ends.set(event.id as number, end);
    } else refuse(event, 'unknown kind of event');
  }
  for (const [lane, stack] of stacks) {
    if (stack.length > 0) throw new Error(`${lane.name}: never ends ${JSON.stringify(stack[0]?.name)}`);
  }
  const flows = [...ends.values()].map(({ from, to }): ReadFlow => {
    if (from === undefined || to === undefined) throw new Error('a flow with one end');
    if (from.name !== to.name || from.cat !== to.cat || from.ts > to.ts)
      refuse(to, 'not the end of its flow');
    for (const end of [from, to]) {
      const inside = laneOf(end).slices.some(({ start, end: last }) => start < end.ts && end.ts < last);
      if (!inside) refuse(end, 'end of a flow outside of all slices');
    }
    return { name: from.name, from: { lane: laneOf(from), t: from.ts }, to: { lane: laneOf(to), t: to.ts } };
  });
  const sorted = [...lanes.values()].sort((a, b) => a.pid - b.pid || a.sort - b.sort);
  return { about: whole.otherData, processes, lanes: sorted, flows, counters };
}

/** How many slices of a category there are, and how long they last together, by lane kind and name. */
export function totalsOf(
  lanes: readonly ReadLane[],
  cat: string,
): Map<string, { count: number; ns: number }> {
  const totals = new Map<string, { count: number; ns: number }>();
  for (const { slices } of lanes) {
    for (const slice of slices) {
      if (slice.cat !== cat) continue;
      const total = totals.get(slice.name) ?? { count: 0, ns: 0 };
      total.count++;
      total.ns += slice.end - slice.start;
      totals.set(slice.name, total);
    }
  }
  return totals;
}

/** The whole text that is written for a log. */
export function written(log: LogBuilder, endNs: number, meta: TraceMeta = testMeta()): string {
  const writer = new ChromeWriter(meta, { scenario: 'test' });
  let text = '';
  for (const chunk of log.chunks) for (const piece of writer.pieces(chunk, 0, chunk.count)) text += piece;
  for (const piece of writer.tail(endNs)) text += piece;
  return text;
}

/** Meta data of one address space: no name has to say which. */
const oneMm = testMeta({
  mms: ['main'],
  threads: testMeta().threads.map((thread) => ({ ...thread, mm: 0 })),
});

/** What a strict reader finds in what is written for a log of one address space. */
export function read(log: LogBuilder, endNs: number): ReadTrace {
  return readTrace(written(log, endNs, oneMm));
}

/** @throws Error when there is none. */
export function laneNamed(trace: ReadTrace, name: string): ReadLane {
  const lane = trace.lanes.find((l) => l.name === name);
  if (lane === undefined) throw new Error(`no lane ${name}: ${trace.lanes.map((l) => l.name).join(', ')}`);
  return lane;
}

/** "name start-end" of the slices of a lane, with the names of those around it. */
export function shapes(lane: ReadLane): string[] {
  return lane.slices.map((slice) => {
    let path = slice.name;
    for (let outer = slice.parent; outer !== undefined; outer = outer.parent)
      path = `${outer.name} > ${path}`;
    return `${path} ${slice.start}-${slice.end}`;
  });
}
