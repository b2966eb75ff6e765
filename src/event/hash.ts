import type { Chunk } from './log.ts';

/** Two running 32-bit lanes over whole records; the hash of a run is the hash of its records in order. */
export interface LogHash {
  a: number;
  b: number;
}

export function newLogHash(): LogHash {
  return { a: 0x9e3779b9 | 0, b: 0x85ebca6b | 0 };
}

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);

/** Folds records [from, to) of a chunk into the hash. Integer arithmetic alone: the same everywhere. */
export function hashRecords(hash: LogHash, chunk: Chunk, from: number, to: number): void {
  const { t, site, object, arg, thread, kind, flags } = chunk;
  let a = hash.a;
  let b = hash.b;
  for (let i = from; i < to; i++) {
    double[0] = t[i] as number;
    const lo = words[0] as number;
    const hi = words[1] as number;
    const tail = ((thread[i] as number) << 16) | ((kind[i] as number) << 8) | (flags[i] as number);
    a = Math.imul(a ^ lo, 0x01000193);
    b = Math.imul(b ^ hi, 0x01000193);
    a = Math.imul((a ^ (a >>> 15)) + (site[i] as number), 0x2c1b3c6d);
    b = Math.imul((b ^ (b >>> 13)) + (object[i] as number), 0x297a2d39);
    a = Math.imul(a ^ (arg[i] as number), 0x5bd1e995) ^ (b >>> 16);
    b = Math.imul(b ^ tail, 0x1b873593) ^ (a >>> 16);
  }
  hash.a = a | 0;
  hash.b = b | 0;
}

/** 16 hexadecimal digits. */
export function hashText(hash: LogHash): string {
  const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
  return hex(hash.a) + hex(hash.b);
}
