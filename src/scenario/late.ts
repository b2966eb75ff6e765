import { type Resolution, resolveText, type Source, unknownScenario } from './resolve.ts';

/** The gallery's texts, each fetched when it is asked for: a page is painted sooner without those that it does not show. */
const texts = import.meta.glob<string>('./gallery/*.kp', { query: '?raw', import: 'default' });

/**
 * As `resolve` of the whole gallery. Rejects where a text cannot be fetched.
 */
export async function resolveLate(source: Source): Promise<Resolution> {
  const { text, scenario } = source;
  if (text !== undefined) return resolveText({ ...source, text });
  const file = `${scenario}.kp`;
  const fetched = texts[`./gallery/${file}`];
  if (fetched === undefined) return unknownScenario(scenario);
  return resolveText({ file, ...source, text: await fetched() });
}
