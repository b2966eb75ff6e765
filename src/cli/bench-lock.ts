import { Simulation } from '../engine/index.ts';
import { ChunkPool, chunkEnd, Kind } from '../event/index.ts';
import { costTable, e5x2680, type Machine, vocabulary } from '../kernel/index.ts';
import { compile, parse } from '../language/index.ts';
import type { SimJs } from './simjs-peer.ts';

/** ns */
const HOLD = 1_000;
const THINK = 10_000;
const WRITERS = 64;

const TEXT = `
rwsem sem;
scenario storm "64 writers on one rwsem" {
    number hold = ${HOLD};
    number think = ${THINK};
    extent 10s;
    daemon thread writer[${WRITERS}] on cpu index {
        while (1) {
            compute(think);
            down_write(&sem);
            compute(hold);
            up_write(&sem);
        }
    }
}
`;

/** 64 CPUs on four sockets; latencies of e5-2680-2s. */
const MACHINE: Machine = { ...e5x2680, id: 'bench-64', sockets: 4, coresPerSocket: 16, threadsPerCore: 1 };

export interface LockFigure {
  readonly wallMs: number;
  readonly acquisitions: number;
  readonly records: number;
}

const pool = new ChunkPool();

/** The storm in mmscope, records logged (chunks are kept to the end, then serve the next run, as in the worker). */
export function storm(simulatedNs: number): LockFigure {
  const { document } = parse(TEXT, 'storm.kp');
  const { program, diagnostics } = compile({
    vocabulary,
    main: document,
    mainFile: 'storm.kp',
    mainText: TEXT,
    scenario: 'storm',
    library: [],
    overrides: {},
    costs: costTable(MACHINE),
    machine: MACHINE.id,
    place: () => [],
  });
  if (program === null) throw new Error(diagnostics.map((d) => d.message).join('; '));
  const sim = new Simulation(program, MACHINE, {
    mmapLock: 'rwsem-3.16',
    mutex: 'mutex-osq',
    spinlock: 'qspinlock',
    alloc: 'simple',
    grain: 'table',
    seed: 1,
  });
  const chunks = [sim.tail];
  sim.sink = (full) => {
    const next = pool.take(chunkEnd(full));
    chunks.push(next);
    return next;
  };
  const begin = performance.now();
  // In slices, as the command line and the worker run it.
  while (sim.run({ untilNs: simulatedNs, steps: 200_000 }));
  const wallMs = performance.now() - begin;
  let acquisitions = 0;
  for (const c of chunks) for (let i = 0; i < c.count; i++) if (c.kind[i] === Kind.LOCK_GRANT) acquisitions++;
  pool.give(chunks);
  return { wallMs, acquisitions, records: sim.events };
}

/** The same hold and think times on a first-come-first-served facility of simjs. */
export function stormInSimjs({ Sim, Entity, Facility }: SimJs, simulatedNs: number): LockFigure {
  const sim = new Sim();
  const lock = new Facility('lock');
  let acquisitions = 0;
  class Writer extends Entity {
    start(): void {
      this.setTimer(THINK).done(() => {
        this.useFacility(lock, HOLD).done(() => {
          acquisitions++;
          this.start();
        });
      });
    }
  }
  for (let i = 0; i < WRITERS; i++) sim.addEntity(Writer);
  const begin = performance.now();
  sim.simulate(simulatedNs);
  return { wallMs: performance.now() - begin, acquisitions, records: 0 };
}
