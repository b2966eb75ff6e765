/** Numbers with units and nearest names: small helpers that the parser, the compiler and the command line share. */

/** Factors of the suffixes of a number: times in nanoseconds, sizes in bytes (powers of 1024). */
export const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};

const NUMBER = /^(-?)(?:(0[xX][0-9a-fA-F]+)|(\d+(?:\.\d+)?)(ns|us|ms|s|B|KB|MB|GB|TB)?)$/;

/**
 * The value of `5ms`, `320GB`, `0x10`, `1.5`, `true` or `false`: nanoseconds, bytes or a plain number. Undefined for
 * anything else, and for numbers beyond 2^53.
 */
export function parseNumber(text: string): number | undefined {
  if (text === 'true') return 1;
  if (text === 'false') return 0;
  if (text.length > 64) return undefined;
  const m = NUMBER.exec(text);
  if (m === null) return undefined;
  const [, sign, hex, decimal, unit] = m;
  const magnitude = hex === undefined ? Number(decimal) * (UNITS[unit ?? 'B'] ?? 1) : Number(hex);
  if (!(magnitude <= Number.MAX_SAFE_INTEGER)) return undefined;
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
}

const MAX_NAME = 64;

/** Damerau-Levenshtein distance (neighbours swapped count once), or `bound + 1` when it exceeds `bound`. */
function distance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min((previous[j] as number) + 1, (row[j - 1] as number) + 1);
      d = Math.min(d, (previous[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d = Math.min(d, (before[j - 2] as number) + 1);
      }
      row.push(d);
      if (d < best) best = d;
    }
    if (best > bound) return bound + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length] as number;
}

const MAX_CANDIDATES = 2000;

/**
 * The candidate that a misspelt name most likely meant: at most a third of its letters differ (at least one may).
 * Undefined when nothing comes close. The first of equally near candidates wins; at most 2000 are looked at.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_NAME) return undefined;
  const lower = name.toLowerCase();
  let bound = Math.max(1, Math.floor(name.length / 3));
  let found: string | undefined;
  let looked = 0;
  for (const candidate of candidates) {
    if (looked++ >= MAX_CANDIDATES) break;
    if (candidate === name || candidate.length > MAX_NAME) continue;
    if (candidate.toLowerCase() === lower) return candidate;
    const d = distance(lower, candidate.toLowerCase(), bound);
    if (d <= bound) {
      found = candidate;
      bound = d - 1;
      if (bound < 0) break;
    }
  }
  return found;
}
