import type { ReadyInfo } from '../worker/protocol.ts';

/** The function that holds a line, as far as sites tell: that of the nearest line at or above it that anybody comes to. */
function functionAt(info: Pick<ReadyInfo, 'meta'>, file: string, line: number): string | null {
  let nearest = 0;
  let fn: string | null = null;
  for (const site of info.meta.sites) {
    if (site.file !== file || site.line > line || site.line <= nearest) continue;
    nearest = site.line;
    fn = site.fn;
  }
  return fn;
}

/** True if a block that holds line `from`, or the one it opens, ends in lines [from, to). */
function blockEnds(text: string, from: number, to: number): boolean {
  const lines = text.split('\n').slice(from - 1, to - 1);
  const inset = lines[0]?.search(/\S/) ?? -1;
  return lines.some((line) => line.trim() === '}' && (inset < 0 || line.indexOf('}') <= inset));
}

/**
 * The line at which a run stops that is to be followed to `line`: this one, or the next of its function at which a
 * record can be written. Null if there is none.
 */
export function stopLine(
  info: Pick<ReadyInfo, 'meta' | 'stops' | 'texts'>,
  file: string,
  line: number,
): number | null {
  const next = info.stops[file]?.find((stop) => stop >= line);
  if (next === undefined || next === line) return next ?? null;
  const fn = functionAt(info, file, line);
  const same = fn === null || fn === functionAt(info, file, next);
  // The head of a function stands behind the function before it.
  return same || !blockEnds(info.texts[file] ?? '', line, next) ? next : null;
}
