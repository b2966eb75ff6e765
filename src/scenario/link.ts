import { MODEL_VERSION } from '../event/index.ts';
import { LINK_VERSION, MAX_LINK, MAX_UNPACKED, pipe } from './link-format.ts';
import type { LinkState } from './link-schema.ts';

export { LINK_VERSION, MAX_LINK } from './link-format.ts';
export type { LinkState } from './link-schema.ts';

export type LinkResult =
  | { readonly ok: true; readonly state: LinkState; readonly model: number; readonly otherModel: boolean }
  | { readonly ok: false; readonly message: string };

function toBase64Url(bytes: Uint8Array): string {
  let s = '';
  for (const b of bytes) s += String.fromCharCode(b);
  return btoa(s).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * The fragment of a link, without '#': `v1.m1.` and the packed state.
 * @throws RangeError when it would be longer than MAX_LINK.
 */
export async function encodeLink(state: LinkState): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(state));
  const packed = await pipe(json, new CompressionStream('deflate-raw'), MAX_UNPACKED);
  const text = `v${LINK_VERSION}.m${MODEL_VERSION}.${toBase64Url(packed)}`;
  if (text.length > MAX_LINK) throw new RangeError(`the link would be ${text.length} characters long`);
  return text;
}

/**
 * Reads a fragment (with or without '#'); says what is wrong with a bad one. Rejects only where what reads it cannot be
 * fetched: most visits begin without a link.
 */
export async function decodeLink(fragment: string): Promise<LinkResult> {
  const { readLink } = await import('./read-link.ts');
  return readLink(fragment);
}
