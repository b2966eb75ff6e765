import { pathFiles } from '../../kernel/files.ts';
import {
  type CatalogueRecord,
  catalogue,
  cpuCount,
  type Machine,
  machines,
  misfits,
  recordsOf,
  type StrategyKind,
  sharedFiles,
  small,
  vocabulary,
} from '../../kernel/index.ts';
import type { Draw } from './draw.ts';
import type { Scope } from './scope.ts';
import { statements } from './statements.ts';
import { around, line, type Node } from './tree.ts';

/** Knobs of the paths that every scenario has: other ways to do the same, or checks. */
const sharedKnobs: readonly string[] = sharedFiles.flatMap((file) =>
  [...(pathFiles[file] ?? '').matchAll(/^knob ([A-Z0-9_]+) = /gm)].map((match) => match[1] ?? ''),
);

/** Knobs that leave a check out, and those of strategies that are sound either way. */
const UNSOUND = ['GUP_IRQS_OFF'];
const SOUND = ['HOLD_FOR_IO', 'RETRY_ONCE'];
const soundKnobs = [...sharedKnobs.filter((knob) => !UNSOUND.includes(knob)), ...SOUND];

/**
 * True when nothing in a document may break an invariant of the engine: strategies that kernels shipped, with every
 * check in place.
 */
export function isSound(text: string): boolean {
  return [...text.matchAll(/^ *set (\S+) = (\S+);$/gm)].every(([, key = '', value = '']) => {
    if (key === key.toUpperCase())
      return soundKnobs.includes(key) && !/^(MARK|CHECK|PROTECT|FLUSH)_/.test(key);
    return catalogue.find((r) => r.kind === key && r.id === value)?.kernels !== 'never merged';
  });
}

/** Every kind of strategy that the catalogue holds and a scenario may set. */
const kinds: readonly StrategyKind[] = [...new Set(catalogue.map((r) => r.kind))].filter((kind) =>
  vocabulary.settings.includes(kind),
);

/** Strategies that fit together. */
function strategies(d: Draw): CatalogueRecord[] {
  for (;;) {
    const chosen = kinds.map((kind) => d.pick(recordsOf(kind)));
    if (misfits(chosen).length === 0) return chosen;
  }
}

/** CPUs to pin threads to: few, so that threads share them, with siblings and neighbours among them. */
function someCpus(d: Draw, m: Machine): number[] {
  const n = cpuCount(m);
  return Array.from({ length: d.int(1, 3) }, () => d.pick([0, 1, n >> 1, n - 1, d.int(0, n - 1)]));
}

function names(d: Draw, prefix: string, most: number, least = 1): string[] {
  return Array.from({ length: d.int(least, most) }, (_, i) => `${prefix}${i}`);
}

/** What all threads of a document share. */
interface Frame {
  /** Every thread goes round, and there is one lock of a kind: what happens only in a crowd happens here. */
  readonly crowded: boolean;
  readonly extent: number;
  readonly cpus: readonly number[];
  readonly cpuCount: number;
  readonly grain: string;
  /** Areas may map files. */
  readonly files: boolean;
  readonly scope: Omit<Scope, 'areas'>;
}

function thread(d: Draw, f: Frame, areas: Scope['areas'], name: string): Node {
  const daemon = d.chance(0.2);
  const group = d.chance(0.1) ? `[${d.int(2, 3)}]` : '';
  const first = d.pick(f.cpus);
  const cpu = group === '' ? first : `(${first} + index) % ${f.cpuCount}`;
  const where = d.chance(0.65) ? ` on cpu ${cpu}` : '';
  const rounds = `for (r = 0; r < ${d.int(2, 8)}; r++) {`;
  const once = statements(d, { ...f.scope, areas }, f.crowded ? 2 : 5);
  const body = f.crowded ? [around(rounds, once, '}')] : once;
  const pause = Math.max(1, Math.round(f.extent / d.int(8, 40)));
  const loops = daemon && d.chance(0.7);
  const inner = loops ? [around('while (1) {', body, `${d.pick(['sleep', 'compute'])}(${pause});\n}`)] : body;
  return around(`${daemon ? 'daemon ' : ''}thread ${name}${group}${where} {`, inner, '}');
}

/** Areas and the threads that share them. */
function inhabitants(d: Draw, f: Frame, prefix: string, most: number): Node[] {
  const areas = names(d, `${prefix}a`, 3).map((name) => {
    const pages = d.weighted([
      [6, d.int(1, 16)],
      [2, d.int(500, 530)],
      [1, d.int(600, 2_000)],
      [f.grain === 'table' ? 0.3 : 0, 262_144 + d.int(0, 600)],
    ]);
    const file = f.files && d.chance(0.3);
    return { name, pages, flags: `${file ? ' file' : ''}${d.chance(file ? 0.2 : 0.5) ? ' populated' : ''}` };
  });
  const threads = names(d, `${prefix}t`, most, f.crowded ? most - 2 : 1);
  return [
    ...areas.map((a) => line(`area ${a.name} = ${a.pages} * PAGE_SIZE${a.flags};`)),
    ...threads.map((name) => thread(d, f, areas, name)),
  ];
}

function property(d: Draw, shared: readonly string[], rwsem: string): Node {
  const law = d.pick([
    ...[`${d.pick(shared)} < ${d.int(1, 5)}`, `readers(&${rwsem}) <= 1`],
    ...[`waiters(&${rwsem}) < 3`, 'g < 4'],
  ]);
  return line(`invariant law "a law of the document": ${law};`);
}

/** A document with one scenario, `fuzz`. */
export function generate(d: Draw): Node {
  const chosen = strategies(d);
  const m = d.chance(0.6) ? small : d.pick(machines);
  const grain = d.pick(['page', 'table']);
  const knobs = [...new Set([...chosen.flatMap((r) => r.knobs), ...sharedKnobs])].filter(() =>
    d.chance(0.12),
  );
  const crowded = d.chance(0.35);
  // What a lock does for one that has waited for milliseconds needs crowds that take them.
  const pace = d.pick(
    crowded ? [500, 5_000, 100_000, 3_000_000, 3_000_000] : [50, 500, 5_000, 100_000, 3_000_000],
  );
  const extent = Math.round(Math.max(30_000, pace * d.pick([10, 60, 200])));
  const rwsems = names(d, 's', crowded ? 1 : 3);
  const spinlocks = names(d, 'l', crowded ? 1 : 2);
  const mutexes = names(d, 'm', crowded ? 1 : 2);
  const shared = names(d, 'v', 2);
  const two = d.chance(0.2);
  // Zones do not count pages of files, and locks over ranges do not know them.
  const fileless = chosen.some((r) => r.provides.some((what) => what === 'zones' || what === 'range-lock'));
  const files = d.chance(0.4) && !fileless;
  const scope = {
    ...{ rwsems, spinlocks, mutexes, shared, pace },
    only: crowded ? d.pick(['rwsem', 'rwsem', 'mutex', 'spinlock', 'any'] as const) : ('any' as const),
    ...{ waits: d.chance(0.4), ordered: d.chance(0.8), alarms: d.chance(0.25) },
    processes: two ? 2 : 1,
    zones: chosen.some((r) => r.provides.includes('zones')),
  };
  const frame: Frame = { crowded, extent, cpus: someCpus(d, m), cpuCount: cpuCount(m), grain, files, scope };
  const process = (name: string): Node => around(`process ${name} {`, inhabitants(d, frame, name, 3), '}');
  const settings = [
    ...chosen.map((r) => `set ${r.kind} = ${r.id};`),
    ...knobs.map((name) => `set ${name} = ${d.pick(['true', 'false'])};`),
    ...[`set machine = ${m.id};`, `set grain = ${grain};`, `set seed = ${d.int(0, 99)};`],
    `extent ${extent}ns;`,
    ...(files ? [`number disk_read = ${d.pick([1, 3, 20]) * pace} "a read of the disk";`] : []),
    ...(d.chance(0.1) ? [`number hung_task_timeout = ${pace * 3} "a wait is reported after it";`] : []),
  ];
  const inner = two ? [process('x'), process('y')] : inhabitants(d, frame, '', 6);
  const declared = [
    ...rwsems.map((name) => `rwsem ${name};`),
    ...spinlocks.map((name) => `spinlock ${name};`),
    ...mutexes.map((name) => `mutex ${name};`),
    ...shared.map((name) => `shared int ${name} = 0;`),
    'shared int row[3];',
    'ghost int g;',
  ];
  return around(
    '',
    [
      ...declared.map(line),
      ...(d.chance(0.1) ? [property(d, shared, rwsems[0] ?? '')] : []),
      around('scenario fuzz "a random program" {', [...settings.map(line), ...inner], '}'),
    ],
    '',
  );
}
