import { once } from 'node:events';
import { NdjsonWriter } from '../trace/index.ts';
import { type Arguments, UsageError } from './args.ts';
import { runToEnd } from './session.ts';
import { resolveOperand } from './source.ts';

/** `events SCENARIO`: the log as NDJSON, as it comes. */
export async function eventsCommand(args: Arguments): Promise<number> {
  const [operand, ...rest] = args.operands;
  if (operand === undefined) throw new UsageError('events: which scenario? (mmscope list shows them)');
  if (rest.length > 0) throw new UsageError(`events: unexpected argument '${rest[0]}'`);
  const resolved = resolveOperand(operand, args.set);
  let writer: NdjsonWriter | null = null;
  await runToEnd(resolved, args.untilNs, async (simulation, chunk) => {
    writer ??= new NdjsonWriter(simulation.meta);
    for (const text of writer.pieces(chunk, 0, chunk.count)) {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    }
  });
  return 0;
}
