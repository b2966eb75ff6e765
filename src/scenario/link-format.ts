/** Version of the link format. */
export const LINK_VERSION = 1;
/** Longest fragment that is made or read, in characters. */
export const MAX_LINK = 32_768;
/** Longest text that a fragment may unpack to. */
export const MAX_UNPACKED = 1_048_576;

/** Packs or unpacks bytes. Rejects with a RangeError where more than `limit` bytes come out. */
export async function pipe(
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
