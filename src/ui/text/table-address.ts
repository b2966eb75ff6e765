import {
  Class,
  type ObjectId,
  objectId,
  PAGE_BYTES,
  TABLE_PAGES,
  type TraceMeta,
} from '../../event/index.ts';

/** Bytes that one page table maps. */
const TABLE_BYTES = TABLE_PAGES * PAGE_BYTES;
/** Tables of an mm that ids can number. */
const MOST_TABLES = 1 << 20;

/** The page table that maps an address, such as '0x181ca00000', of an mm; null for what is no such address. */
export function tableAt(text: string, mm: number, meta: TraceMeta): ObjectId | null {
  const digits = text.trim().replace(/^0x/i, '');
  if (!/^[0-9a-f]{1,12}$/i.test(digits)) return null;
  const index = Math.floor(Number.parseInt(digits, 16) / TABLE_BYTES);
  if (index >= MOST_TABLES || mm < 0 || mm >= Math.max(1, meta.mms.length)) return null;
  return objectId(Class.TABLE, mm * MOST_TABLES + index);
}
