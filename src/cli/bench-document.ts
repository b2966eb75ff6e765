import { readFileSync } from 'node:fs';
import { encodeLink } from '../scenario/link.ts';
import { Pyramid } from '../trace/index.ts';
import { runToEnd } from './session.ts';
import { resolveOperand } from './source.ts';

/**
 * `bench document FILE#NAME KEY=VALUE…`: a document for the page, as JSON: the fragment of the link that opens it, how
 * many records its run has and how many intervals its threads have in all.
 */
export async function documentForPage(operand: string, settings: readonly string[]): Promise<void> {
  const set = Object.fromEntries(
    settings.map((setting): [string, string] => {
      const at = setting.indexOf('=');
      return [setting.slice(0, at), setting.slice(at + 1)];
    }),
  );
  const at = operand.lastIndexOf('#');
  const text = readFileSync(operand.slice(0, at), 'utf8');
  const fragment = await encodeLink({ scenario: operand.slice(at + 1), text, set });
  let pyramid: Pyramid | null = null;
  const { simulation } = await runToEnd(resolveOperand(operand, set), undefined, (running, chunk) => {
    pyramid ??= new Pyramid(running.meta);
    pyramid.add(chunk, 0, chunk.count);
  });
  const intervals = pyramid === null ? 0 : (pyramid as Pyramid).intervals;
  process.stdout.write(`${JSON.stringify({ fragment, records: simulation.events, intervals })}\n`);
}
