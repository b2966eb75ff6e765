import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { diagnosticLine, galleryEntry, type Resolved, resolve } from '../scenario/index.ts';
import { UsageError } from './args.ts';

/** Longest document that is read, in bytes. */
const MAX_DOCUMENT = 1_048_576;

/**
 * Resolves an operand: a gallery id, or FILE.kp, or FILE.kp#name.
 * @throws UsageError with the first diagnostic on one line.
 */
export function resolveOperand(operand: string, set: Readonly<Record<string, string>>): Resolved {
  const isFile = /\.kp(#|$)/.test(operand) && galleryEntry(operand) === undefined;
  const [file = '', name = ''] = isFile ? split(operand) : [];
  const result = resolve(
    isFile ? { scenario: name, text: read(file), file: basename(file), set } : { scenario: operand, set },
  );
  if (result.ok) return result.value;
  const [first] = result.diagnostics;
  const more = result.diagnostics.length - 1;
  throw new UsageError(
    `${first === undefined ? operand : diagnosticLine(first)}${more > 0 ? ` (and ${more} more)` : ''}`,
  );
}

function split(operand: string): [string, string] {
  const at = operand.lastIndexOf('.kp') + 3;
  return [operand.slice(0, at), operand.slice(at + 1)];
}

function read(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MAX_DOCUMENT)
      throw new UsageError(`${file}: ${size} bytes; a document has at most ${MAX_DOCUMENT}`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'no such file'
        : 'cannot be read';
    throw new UsageError(`${file}: ${why}`);
  }
}
