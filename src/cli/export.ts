import type { Simulation } from '../engine/index.ts';
import { type Chunk, FORMAT_VERSION, MODEL_VERSION, type Ns } from '../event/index.ts';
import { nearest } from '../language/index.ts';
import type { Resolved } from '../scenario/index.ts';
import { ChromeWriter, NdjsonWriter } from '../trace/index.ts';
import { type Arguments, UsageError } from './args.ts';
import { type Output, openOutput } from './output.ts';
import { Interrupted, runToEnd } from './session.ts';
import { resolveOperand } from './source.ts';

/** A format: the text of a log chunk by chunk, and what stands behind the last one. */
interface TraceWriter {
  pieces(chunk: Chunk, from: number, to: number): Iterable<string>;
  tail(endNs: Ns): Iterable<string>;
}

const FORMATS: Readonly<Record<string, (simulation: Simulation, resolved: Resolved) => TraceWriter>> = {
  chrome: ({ meta }, resolved) => new ChromeWriter(meta, about(resolved)),
  ndjson: ({ meta }) => {
    const writer = new NdjsonWriter(meta);
    return { pieces: (chunk, from, to) => writer.pieces(chunk, from, to), tail: () => [] };
  },
};

/** What a trace says of its origin. */
function about({ program, machine, choices }: Resolved): Record<string, unknown> {
  const { scenario } = program;
  const set: Record<string, string | number | boolean> = { ...choices };
  for (const { name, value } of scenario.numbers) set[name] = value;
  for (const { name, value } of scenario.knobs) set[name] = value === 0 || value === 1 ? value === 1 : value;
  return {
    generator: `mmscope ${__VERSION__}`,
    build: __BUILD__,
    format: FORMAT_VERSION,
    model: MODEL_VERSION,
    scenario: scenario.name,
    title: scenario.title,
    machine: machine.id,
    seed: choices.seed,
    set,
  };
}

/** `export SCENARIO --format FORMAT -o FILE`: the log as a file, as it comes. */
export async function exportCommand(args: Arguments): Promise<number> {
  const [operand, ...rest] = args.operands;
  if (operand === undefined) throw new UsageError('export: which scenario? (mmscope list shows them)');
  if (rest.length > 0) throw new UsageError(`export: unexpected argument '${rest[0]}'`);
  const makeWriter = formatOf(args.format);
  if (args.output === undefined || args.output === '') {
    throw new UsageError('export: where to? (-o FILE, or -o - for stdout)');
  }
  const resolved = resolveOperand(operand, args.set);
  await exportTo(args.output, (output) => writeLog(resolved, args.untilNs, makeWriter, output));
  return 0;
}

function formatOf(format: string | undefined): (typeof FORMATS)[string] {
  const known = Object.keys(FORMATS);
  if (format === undefined) throw new UsageError(`export: which format? (--format ${known.join(' or ')})`);
  const makeWriter = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (makeWriter !== undefined) return makeWriter;
  throw new UsageError(
    `--format ${format}: expected ${known.join(' or ')}; nearest: ${nearest(format, known) ?? known[0]}`,
  );
}

/** Opens the output and has it written; whatever goes wrong, Ctrl-C included, no unfinished file stays behind. */
async function exportTo(target: string, write: (output: Output) => Promise<void>): Promise<void> {
  let output: Output | undefined;
  let interrupted = false;
  const goOn = (): void => {
    if (interrupted) throw new Interrupted();
  };
  // The run looks at signals itself; this is for the moments around it, and for a second one where a reader stalls.
  const onSignal = (): void => {
    if (interrupted) {
      void output?.abandon();
      process.exit(130);
    }
    interrupted = true;
  };
  process.on('SIGINT', onSignal);
  try {
    output = await openOutput(target);
    goOn();
    await write(output);
    goOn();
    await output.finish();
  } finally {
    await output?.abandon();
    process.off('SIGINT', onSignal);
  }
}

async function writeLog(
  resolved: Resolved,
  untilNs: number | undefined,
  makeWriter: (typeof FORMATS)[string],
  output: Output,
): Promise<void> {
  let writer: TraceWriter | undefined;
  const { simulation } = await runToEnd(resolved, untilNs, async (running, chunk) => {
    writer ??= makeWriter(running, resolved);
    for (const piece of writer.pieces(chunk, 0, chunk.count)) await output.write(piece);
  });
  for (const piece of writer?.tail(simulation.now) ?? []) await output.write(piece);
}
