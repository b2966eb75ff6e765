import { fetchPathFiles } from '../kernel/late-files.ts';
import { type Resolution, type Resolving, resolveText, type Source, unknownScenario } from './resolve.ts';

/** The gallery's texts, each fetched when it is asked for: a page is painted sooner without those that it does not show. */
const texts = import.meta.glob<string>('./gallery/*.kp', { query: '?raw', import: 'default' });

const ids = Object.keys(texts).map((path) => path.replace(/^.*\/|\.kp$/g, ''));

/**
 * As `resolve` of the whole gallery, with the path files that are chosen. Rejects where a text cannot be fetched.
 */
export async function resolveLate(source: Source): Promise<Resolution> {
  const { text, scenario } = source;
  if (text !== undefined) return fetched(resolveText({ ...source, text }));
  const file = `${scenario}.kp`;
  const late = texts[`./gallery/${file}`];
  if (late === undefined) return unknownScenario(scenario, ids);
  return fetched(resolveText({ file, ...source, text: await late() }));
}

async function fetched(resolving: Resolving): Promise<Resolution> {
  let step = resolving.next({});
  while (step.done !== true) step = resolving.next(await fetchPathFiles(step.value));
  return step.value;
}
