import { isMainThread } from 'node:worker_threads';
import { FORMAT_VERSION, MODEL_VERSION } from '../event/index.ts';
import { nearest } from '../language/index.ts';
import { type Arguments, readArguments, UsageError } from './args.ts';
import { eventsCommand } from './events.ts';
import { evidenceCommand } from './evidence.ts';
import { serveEvidence } from './evidence-worker.ts';
import { exportCommand } from './export.ts';
import { listCommand } from './list.ts';
import { type Service, serviceOf } from './pool-worker.ts';
import { predictCommand } from './predict.ts';
import { runCommand } from './run.ts';
import { Interrupted } from './session.ts';
import { sweepCommand } from './sweep.ts';
import { TaskFailed } from './sweep-pool.ts';
import { serveSweep } from './sweep-worker.ts';

const HELP = `mmscope: lock contention in Linux memory management, simulated

  mmscope list [--json]
      scenarios, machines and strategies
  mmscope run SCENARIO|FILE.kp[#name] [--set key=value]... [--until TIME] [--check] [--json]
      runs a scenario and prints what it measured
  mmscope sweep SCENARIO|FILE.kp[#name] --set key=a,b --set key=1..9 [--until TIME] [--jobs N] [--check] [--json]
      runs every combination of the values, over the machine's cores
  mmscope predict WORKLOAD [--set key=value]... [--set threads=N] [--until TIME] [--json]
      what a workload does per second once it is steady, and where the time goes; list names the workloads
  mmscope evidence [ID] [--jobs N] [--json]
      published measurements beside what the simulation gives: all, or those whose id is ID or begins with ID and a dot
  mmscope events SCENARIO|FILE.kp[#name] [--set key=value]... [--until TIME]
      the log as one JSON object a line
  mmscope export SCENARIO|FILE.kp[#name] --format chrome|ndjson -o FILE|- [--set key=value]... [--until TIME]
      the log as a file for Perfetto, Firefox Profiler, speedscope or DevTools, or as the lines of events

  --set     munmap, fault, mmapLock, alloc, machine, seed, grain, a number of the scenario, a KNOB, or how long a
            cache line takes: lineSibling, lineSocket, lineCross, lineMemory;
            in place of the machine's: sockets, cores (of each), threadsPerCore
  --until   a time with its unit: ns, us, ms, s; of predict, how long it waits for a steady rate (10s)
  --check   exit code 1 when the outcome differs from what the scenario expects

exit codes: 0 a result was printed, 1 --check failed, 2 bad input, 130 interrupted
`;

const COMMANDS: Readonly<Record<string, (args: Arguments) => number | Promise<number>>> = {
  list: listCommand,
  run: runCommand,
  sweep: sweepCommand,
  predict: predictCommand,
  evidence: evidenceCommand,
  events: eventsCommand,
  export: exportCommand,
};

async function main(argv: readonly string[]): Promise<number> {
  const args = readArguments(argv);
  if (args.version) {
    process.stdout.write(
      `mmscope ${__VERSION__} (model ${MODEL_VERSION}, format ${FORMAT_VERSION}, build ${__BUILD__})\n`,
    );
    return 0;
  }
  if (args.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (args.command === '') throw new UsageError('which command? mmscope --help shows them');
  const command = COMMANDS[args.command];
  if (command === undefined) {
    const known = nearest(args.command, Object.keys(COMMANDS)) ?? 'run';
    throw new UsageError(`unknown command '${args.command}'; nearest: ${known}`);
  }
  return command(args);
}

function start(): void {
  // A reader that has seen enough (head, less) closes the pipe: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 2);
  });
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      if (error instanceof Interrupted) {
        process.exitCode = 130;
        return;
      }
      const text =
        error instanceof UsageError || error instanceof TaskFailed
          ? error.message
          : error instanceof Error
            ? (error.stack ?? error.message)
            : String(error);
      process.stderr.write(`mmscope: ${text}\n`);
      process.exitCode = error instanceof UsageError ? 2 : 70;
    },
  );
}

const SERVICES: Readonly<Record<Service, () => void>> = { sweep: serveSweep, evidence: serveEvidence };

// Sweep and evidence start workers on this same file.
if (isMainThread) start();
else SERVICES[serviceOf()]();
