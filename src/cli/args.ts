import { parseArgs } from 'node:util';
import { nearest, parseNumber } from '../language/index.ts';

/** Bad input: one line for stderr, exit code 2. */
export class UsageError extends Error {}

export interface Arguments {
  readonly command: string;
  readonly operands: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  readonly untilNs: number | undefined;
  /** Workers of a sweep; undefined: one per core. */
  readonly jobs: number | undefined;
  readonly format: string | undefined;
  /** A file, or '-' for stdout. */
  readonly output: string | undefined;
  readonly check: boolean;
  readonly json: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

const OPTIONS = ['set', 'until', 'jobs', 'format', 'output', 'check', 'json', 'help', 'version'];

/**
 * Reads the command line.
 * @throws UsageError naming the argument, and the nearest known one.
 */
export function readArguments(argv: readonly string[]): Arguments {
  for (const a of argv) {
    const name = /^--([^=]+)/.exec(a)?.[1];
    if (name !== undefined && !OPTIONS.includes(name)) {
      const known = nearest(name, OPTIONS);
      throw new UsageError(`unknown option '${a}'${known === undefined ? '' : `; nearest: --${known}`}`);
    }
  }
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  const { values, positionals } = parsed;
  const set: Record<string, string> = Object.create(null);
  for (const pair of values.set ?? []) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--set ${pair}: expected key=value`);
    set[pair.slice(0, at)] = pair.slice(at + 1);
  }
  const [command = '', ...operands] = positionals;
  return {
    command,
    operands,
    set,
    untilNs: values.until === undefined ? undefined : duration(values.until),
    format: values.format,
    output: values.output,
    jobs: values.jobs === undefined ? undefined : workers(values.jobs),
    check: values.check ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
    version: values.version ?? false,
  };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      set: { type: 'string', multiple: true },
      until: { type: 'string' },
      jobs: { type: 'string' },
      format: { type: 'string' },
      output: { type: 'string', short: 'o' },
      check: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
}

/** A duration with its unit, in ns. */
function duration(text: string): number {
  const n = /(ns|us|ms|s)$/.test(text) ? parseNumber(text) : undefined;
  if (n === undefined || !(n > 0)) {
    throw new UsageError(`--until ${text}: expected a time such as 500ms (ns, us, ms or s)`);
  }
  return n;
}

/** Workers of a sweep: each has a heap and a world of its own. */
const MAX_JOBS = 256;

function workers(text: string): number {
  const n = Number(text);
  if (!/^\d+$/.test(text) || n < 1 || n > MAX_JOBS) {
    throw new UsageError(`--jobs ${text}: expected a whole number from 1 to ${MAX_JOBS}`);
  }
  return n;
}
