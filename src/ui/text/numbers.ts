import { PAGE_BYTES } from '../../event/index.ts';

/** To say it anew for each number would take longer than all else about it. */
const PLAIN = new Intl.NumberFormat('en-GB');

/** A comma per thousand, and decimals as far as there are any, up to three. */
export function plain(n: number): string {
  return PLAIN.format(n);
}

/** '1,204,118' */
export function count(n: number): string {
  return plain(Math.round(n));
}

/** In at most four characters: '999', '1.2k', '748k', '3.1M'. */
export function shortCount(n: number): string {
  if (n < 1_000) return String(Math.round(n));
  const [value, unit] = n < 999_500 ? [n / 1_000, 'k'] : [n / 1_000_000, 'M'];
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${unit}`;
}

/** '1 page', '3 pages'; the plural with an s. */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** 'once', 'twice', '12 times'. */
export function times(n: number): string {
  if (n === 1) return 'once';
  return n === 2 ? 'twice' : `${count(n)} times`;
}

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Bytes in binary units with at most one decimal, such as '320 GB'. */
export function bytes(n: number): string {
  let size = 0;
  let value = n;
  while (value >= 1024 && size < SIZES.length - 1) {
    value /= 1024;
    size++;
  }
  const text = value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
  return `${text} ${SIZES[size]}`;
}

export function pageBytes(pages: number): string {
  return bytes(pages * PAGE_BYTES);
}

/** A share of one as a percentage that only says 0 or 100 when it is. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  if (share < 1 && share > 0.99) return '>99 %';
  return `${Math.round(share * 100)} %`;
}

/** '1 callback waits', '12 callbacks wait': for the end of a grace period. */
export function waiting(callbacks: number): string {
  return `${counted(callbacks, 'callback')} ${callbacks === 1 ? 'waits' : 'wait'}`;
}
