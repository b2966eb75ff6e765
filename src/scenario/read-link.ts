import { MODEL_VERSION } from '../event/index.ts';
import type { LinkResult } from './link.ts';
import { LINK_VERSION, MAX_LINK, MAX_UNPACKED, pipe } from './link-format.ts';
import { linkSchema } from './link-schema.ts';

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}

/** Reads a fragment (with or without '#'); says what is wrong with a bad one, never throws. */
export async function readLink(fragment: string): Promise<LinkResult> {
  const text = fragment.replace(/^#/, '');
  if (text.length > MAX_LINK)
    return { ok: false, message: `the link is ${text.length} characters long; ${MAX_LINK} is the most` };
  const parts = /^v(\d{1,4})\.m(\d{1,6})\.([\w-]*)$/.exec(text);
  if (parts === null) return { ok: false, message: 'the link does not have the form v1.m1.…' };
  const version = Number(parts[1]);
  const model = Number(parts[2]);
  if (version !== LINK_VERSION)
    return { ok: false, message: `the link has format version ${version}; this is version ${LINK_VERSION}` };
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
