import {
  type Chunk,
  chunkEnd,
  type EventRecord,
  hashRecords,
  hashText,
  newChunk,
  newLogHash,
  recordAt,
} from '../event/index.ts';
import { costTable, type Machine, small, vocabulary } from '../kernel/index.ts';
import { compile, type Program, parse } from '../language/index.ts';
import type { Choices } from './build.ts';
import { Simulation } from './simulation.ts';

/** Helpers of this room's tests. */

/**
 * Compiles a document that needs no catalogue.
 * @throws Error with the first diagnostic.
 */
export function program(text: string, scenario = 'test', machine: Machine = small): Program {
  const { document, diagnostics } = parse(text, 'test.kp');
  const compiled = compile({
    vocabulary,
    main: document,
    mainFile: 'test.kp',
    mainText: text,
    scenario,
    library: [],
    overrides: {},
    costs: costTable(machine),
    machine: machine.id,
    place: (areas) => {
      let at = 2 ** 21;
      return areas.map(({ bytes }) => {
        const start = at;
        at += bytes - (bytes % 2 ** 21) + 2 ** 22;
        return start;
      });
    },
  });
  const first = [...diagnostics, ...compiled.diagnostics].find((d) => d.severity === 'error');
  if (compiled.program === null)
    throw new Error(first === undefined ? 'no program' : `${first.line}:${first.col} ${first.message}`);
  return compiled.program;
}

export function simulate(
  p: Program,
  machine: Machine = small,
  seed = 1,
  grain: 'page' | 'table' = 'page',
  locks: Partial<Pick<Choices, 'mmapLock' | 'mutex' | 'spinlock'>> = {},
): Simulation {
  return new Simulation(p, machine, {
    mmapLock: 'rwsem-3.16',
    mutex: 'mutex-osq',
    spinlock: 'qspinlock',
    ...locks,
    alloc: 'simple',
    grain,
    seed,
  });
}

/** Runs to the end in slices of `steps`, and gives every record and the hash of the log. */
export function record(sim: Simulation, steps = Infinity): { records: EventRecord[]; hash: string } {
  const chunks: Chunk[] = [sim.tail];
  sim.sink = (full) => {
    const next = newChunk(chunkEnd(full));
    chunks.push(next);
    return next;
  };
  while (sim.run({ steps }));
  const hash = newLogHash();
  const records: EventRecord[] = [];
  for (const c of chunks) {
    hashRecords(hash, c, 0, c.count);
    for (let i = 0; i < c.count; i++) records.push(recordAt(c, i));
  }
  return { records, hash: hashText(hash) };
}
