/** What is known of a register: the values that it may have, or that it is not 0. Nothing known: no entry. */
export type Known = readonly number[] | 'nonzero';

/** Values that are told apart; a register with more is as good as unknown. */
const MOST = 8;

/** What a test of the value would say, undefined where it may say either. */
export function truthOf(known: Known | undefined): boolean | undefined {
  if (known === undefined) return undefined;
  if (known === 'nonzero') return true;
  if (known.every((v) => v === 0)) return false;
  return known.includes(0) ? undefined : true;
}

/** What is known where one of two ways has been taken; undefined: nothing. */
export function either(a: Known | undefined, b: Known | undefined): Known | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a !== 'nonzero' && b !== 'nonzero') {
    const all = [...new Set([...a, ...b])].sort((x, y) => x - y);
    if (all.length <= MOST) return all;
  }
  return truthOf(a) === true && truthOf(b) === true ? 'nonzero' : undefined;
}

/** The same, once a test of the value has said `truth`. */
export function tested(known: Known | undefined, truth: boolean): Known {
  if (!truth) return [0];
  if (known === undefined || known === 'nonzero') return 'nonzero';
  return known.filter((v) => v !== 0);
}

/** Whether two values are equal, undefined where they may be or not. */
export function equal(a: Known | undefined, b: Known | undefined): boolean | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a === 'nonzero' || b === 'nonzero')
    return (a === 'nonzero' ? truthOf(b) : truthOf(a)) === false ? false : undefined;
  if (!a.some((v) => b.includes(v))) return false;
  return a.length === 1 && b.length === 1 ? true : undefined;
}

export function sameKnown(a: Known | undefined, b: Known | undefined): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.join() === b.join());
}
