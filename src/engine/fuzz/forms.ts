import { type Chunk, chunkEnd, newChunk, recordAt } from '../../event/index.ts';
import { vocabulary } from '../../kernel/ops.ts';
import { Conditions } from '../conditions.ts';
import { bind } from '../ops/index.ts';
import type { Simulation } from '../simulation.ts';
import { equalWorlds, restore } from '../world.ts';
import { audit } from './audit.ts';
import type { Draw } from './draw.ts';

/** Something that must not be; the message says what, its first words which kind it is. */
export class Finding extends Error {}

/** Steps after which a small program must have come to its end. */
const MOST_STEPS = 5_000_000;
/** Slices of one run, at most; what is left is then done in one go. */
const MOST_SLICES = 40;

const operations = bind(vocabulary);

/** What snapshots of one document are copied into, over and over: fresh megabytes cost more than the copying. */
const memory: ArrayBuffer[] = [];
let inUse = 0;

function snapshotOf(sim: Simulation): Uint8Array {
  const { length } = sim.engine.w.bytes;
  let buffer = memory[inUse];
  if (buffer === undefined || buffer.byteLength < length) buffer = new ArrayBuffer(length);
  memory[inUse++] = buffer;
  return sim.snapshot(new Uint8Array(buffer, 0, length));
}

/** Keeps the log of a simulation from here on. */
class Log {
  readonly chunks: Chunk[];

  constructor(sim: Simulation) {
    this.chunks = [sim.tail];
    sim.sink = (full) => {
      const next = newChunk(chunkEnd(full));
      this.chunks.push(next);
      return next;
    };
  }
}

/** What a run in one go comes to: every other form must come to the same. */
export interface Straight {
  readonly sim: Simulation;
  readonly log: Log;
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  readonly records: number;
  readonly ns: number;
}

/**
 * The first form of a document; the snapshots of the document before it are no more.
 * @throws Finding when the run has no end, or its state is not sound.
 */
export function straight(make: () => Simulation): Straight {
  inUse = 0;
  const sim = make();
  const log = new Log(sim);
  const start = snapshotOf(sim);
  auditOf(sim, 'before the first step');
  sim.run({ steps: MOST_STEPS });
  if (!sim.ended) throw new Finding(`no end: after ${MOST_STEPS} steps it is at ${sim.now} ns`);
  return { sim, log, start, end: snapshotOf(sim), records: sim.events, ns: sim.now };
}

function auditOf(sim: Simulation, when: string): void {
  const problems = [...audit(sim.engine), ...forgotten(sim)];
  if (problems.length > 0) throw new Finding(`audit ${when}, at ${sim.now} ns:\n  ${problems.join('\n  ')}`);
}

/** Threads whose condition of wait_until holds, and which nobody noticed. */
function forgotten(sim: Simulation): string[] {
  const e = sim.engine;
  const { parked } = e;
  if (parked === 0 || sim.ended) return [];
  const before = snapshotOf(sim);
  // Given back below, before anything else is copied.
  inUse--;
  new Conditions(e, operations).recheckParked();
  if (e.parked < parked) return [`${parked - e.parked} threads wait for what has come true`];
  restore(e.w, before);
  return [];
}

/** @throws Finding naming the first record from `from` on in which the logs differ. */
function compareLogs(what: string, expected: Log, got: Log, from: number): void {
  for (const chunk of got.chunks) {
    const other = expected.chunks.find((c) => c.first === chunk.first);
    for (let i = Math.max(0, from - chunk.first); i < chunk.count; i++) {
      if (other !== undefined && i < other.count && sameRecord(chunk, other, i)) continue;
      const old = other === undefined || i >= other.count ? 'nothing' : JSON.stringify(recordAt(other, i));
      throw new Finding(`log ${what}: ${JSON.stringify(recordAt(chunk, i))} instead of ${old}`);
    }
  }
}

function sameRecord(a: Chunk, b: Chunk, i: number): boolean {
  const when = a.t[i] === b.t[i] && a.site[i] === b.site[i] && a.thread[i] === b.thread[i];
  const what = a.kind[i] === b.kind[i] && a.flags[i] === b.flags[i];
  return when && what && a.object[i] === b.object[i] && a.arg[i] === b.arg[i];
}

/** What a snapshot would be, without a copy: worlds have megabytes. */
function bytesOf({ engine }: Simulation): Uint8Array {
  engine.settle();
  return engine.w.bytes;
}

function compareEnds(what: string, whole: Straight, sim: Simulation): void {
  if (!sim.ended) throw new Finding(`no end ${what}: it is at ${sim.now} ns`);
  if (sim.events !== whole.records)
    throw new Finding(`log ${what}: ${sim.events} records instead of ${whole.records}`);
  const end = bytesOf(sim);
  if (equalWorlds(end, whole.end)) return;
  const at = end.findIndex((b, i) => b !== whole.end[i]);
  throw new Finding(`end ${what}: the worlds differ, first in ${columnAt(sim, at)}`);
}

/** The world's column that a byte belongs to, for messages. */
function columnAt(sim: Simulation, byte: number): string {
  for (const [name, column] of Object.entries(sim.engine.w)) {
    if (!ArrayBuffer.isView(column) || name === 'bytes') continue;
    const from = byte - column.byteOffset;
    if (from < 0 || from >= column.byteLength) continue;
    return `${name}[${Math.floor((from * (column as Uint8Array).length) / column.byteLength)}]`;
  }
  return `byte ${byte}`;
}

/** Runs on in slices of every kind to the end, and looks at the state between them. */
function slices(d: Draw, sim: Simulation, whole: Straight, kept: Uint8Array[]): void {
  const rounds = d.int(2, MOST_SLICES);
  const records = Math.ceil(whole.records / rounds);
  const ns = Math.ceil(whole.ns / rounds);
  for (let k = 0; k < rounds && !sim.ended; k++) {
    const kind = d.int(0, 2);
    if (kind === 0) sim.run({ steps: d.int(1, records * 2) });
    else if (kind === 1) sim.run({ untilEvent: sim.events + d.int(1, records * 2) });
    else sim.run({ untilNs: sim.now + d.int(0, ns * 2) });
    look(d, sim, kept);
  }
  sim.run({ steps: MOST_STEPS });
}

/** What may be done between two slices without a trace. */
function look(d: Draw, sim: Simulation, kept: Uint8Array[]): void {
  if (d.chance(0.4)) auditOf(sim, 'between two slices');
  if (d.chance(0.1)) sim.moment();
  if (d.chance(0.05)) sim.hash(true);
  if (d.chance(0.1)) kept.push(snapshotOf(sim));
}

/**
 * The same scenario in other forms of execution: in slices, from snapshots in the same and in another simulation,
 * without a log.
 * @throws Finding when one of them comes to anything else.
 */
export function otherForms(d: Draw, make: () => Simulation, whole: Straight): void {
  const sim = make();
  const log = new Log(sim);
  if (!equalWorlds(bytesOf(sim), whole.start)) throw new Finding('build: two builds differ');
  const kept: Uint8Array[] = [whole.start];
  slices(d, sim, whole, kept);
  compareLogs('in slices', whole.log, log, 0);
  compareEnds('in slices', whole, sim);
  auditOf(sim, 'at the end');

  // Seldom both: ten thousand programs see enough of either.
  const there = d.pick(kept);
  const which = d.int(0, 4);
  if (which >= 2) onward(whole, there);
  if (which <= 2) unlogged(d, whole, sim, there);
  if (which === 2) compareMoments(whole.sim, sim, there);
}

/** From a snapshot in the simulation that ran whole, which never saw it. */
function onward(whole: Straight, there: Uint8Array): void {
  const { sim } = whole;
  sim.restore(there);
  const log = new Log(sim);
  const from = sim.events;
  sim.run({ steps: MOST_STEPS });
  compareLogs('after a restore', whole.log, log, from);
  compareEnds('after a restore', whole, sim);
}

/** From a snapshot in the simulation that made it, in slices, and without a log. */
function unlogged(d: Draw, whole: Straight, sim: Simulation, there: Uint8Array): void {
  sim.restore(there);
  sim.discardLog();
  slices(d, sim, whole, []);
  compareEnds('without a log', whole, sim);
}

function compareMoments(a: Simulation, b: Simulation, there: Uint8Array): void {
  a.restore(there);
  b.restore(there);
  if (JSON.stringify(a.moment()) !== JSON.stringify(b.moment()))
    throw new Finding('moment: two simulations show one snapshot differently');
}
