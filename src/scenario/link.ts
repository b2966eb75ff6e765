import { MODEL_VERSION } from '../event/index.ts';
import type { LinkState } from './link-schema.ts';

export type { LinkState } from './link-schema.ts';

/** Version of the link format. */
export const LINK_VERSION = 1;
/** Longest fragment that is made or read, in characters. */
export const MAX_LINK = 32_768;
/** Longest text that a fragment may unpack to. */
const MAX_UNPACKED = 1_048_576;

export type LinkResult =
  | { readonly ok: true; readonly state: LinkState; readonly model: number; readonly otherModel: boolean }
  | { readonly ok: false; readonly message: string };

async function pipe(
  data: Uint8Array,
  through: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array> {
  const reader = new Blob([data as Uint8Array<ArrayBuffer>]).stream().pipeThrough(through).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new RangeError('too large');
    }
    parts.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
}

function toBase64Url(bytes: Uint8Array): string {
  let s = '';
  for (const b of bytes) s += String.fromCharCode(b);
  return btoa(s).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
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

/** Reads a fragment (with or without '#'); says what is wrong with a bad one, never throws. */
export async function decodeLink(fragment: string): Promise<LinkResult> {
  const text = fragment.replace(/^#/, '');
  if (text.length > MAX_LINK)
    return { ok: false, message: `the link is ${text.length} characters long; ${MAX_LINK} is the most` };
  const parts = /^v(\d{1,4})\.m(\d{1,6})\.([\w-]*)$/.exec(text);
  if (parts === null) return { ok: false, message: 'the link does not have the form v1.m1.…' };
  const version = Number(parts[1]);
  const model = Number(parts[2]);
  if (version !== LINK_VERSION)
    return { ok: false, message: `the link has format version ${version}; this is version ${LINK_VERSION}` };
  const { linkSchema } = await import('./link-schema.ts');
  try {
    const bytes = await pipe(
      fromBase64Url(parts[3] ?? ''),
      new DecompressionStream('deflate-raw'),
      MAX_UNPACKED,
    );
    const result = linkSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    if (!result.success) {
      const issue = result.error.issues[0];
      return {
        ok: false,
        message: `the link's ${issue?.path.join('.') || 'content'} is not valid`,
      };
    }
    return { ok: true, state: result.data, model, otherModel: model !== MODEL_VERSION };
  } catch {
    return { ok: false, message: 'the link is damaged: it cannot be unpacked' };
  }
}
