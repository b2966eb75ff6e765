import { MODEL_VERSION } from '../../event/index.ts';
import { strategyKinds } from '../../kernel/catalogue.ts';
import { isColumn } from './columns.ts';
import { mechanisms } from './list.ts';
import type { MechanismsView } from './state.ts';

/**
 * The fragment of the table of mechanisms: `t1.m3.` and what is shown otherwise than at first, as a query:
 * `sort` and `dir`, `kind`, `group=no`, and `open`, the rows whose details are open.
 */
const LINK_VERSION = 1;
/** Longest list of open rows that a link may carry, in characters. */
const MAX_OPEN = 4_000;

export const FIRST_VIEW: MechanismsView = {
  sort: null,
  descending: false,
  kind: null,
  grouped: true,
  open: [],
};

/** What a link says, and what of it was left out. */
export interface ReadLink {
  readonly view: MechanismsView;
  readonly problem: string | null;
}

/** The fragment, without '#'. */
export function mechanismsFragment({ sort, descending, kind, grouped, open }: MechanismsView): string {
  const query = new URLSearchParams();
  if (sort !== null) query.set('sort', sort);
  if (sort !== null && descending) query.set('dir', 'desc');
  if (kind !== null) query.set('kind', kind);
  if (!grouped) query.set('group', 'no');
  if (open.length > 0) query.set('open', open.join(','));
  return `t${LINK_VERSION}.m${MODEL_VERSION}.${query.toString().replaceAll('%2C', ',')}`;
}

/** Reads a fragment; what it cannot use gets its default, and the problem names it. */
export function readMechanismsLink(fragment: string): ReadLink {
  const [, version, model, text = ''] = /^t(\d{1,4})\.m(\d{1,6})\.(.*)$/s.exec(fragment) ?? [];
  if (version === undefined) {
    return { view: FIRST_VIEW, problem: 'The link does not have the form t1.m1.…' };
  }
  if (Number(version) !== LINK_VERSION) {
    const problem = `The link has format version ${version}; this is version ${LINK_VERSION}.`;
    return { view: FIRST_VIEW, problem };
  }
  const query = new URLSearchParams(text);
  const left: string[] = [];
  const take = <T>(key: string, read: (value: string) => T | undefined): T | undefined => {
    const value = query.get(key);
    query.delete(key);
    if (value === null) return undefined;
    const right = read(value);
    if (right === undefined) left.push(key);
    return right;
  };
  const sort = take('sort', (value) => (isColumn(value) ? value : undefined)) ?? null;
  const dir = take('dir', (value) => (value === 'asc' || value === 'desc' ? value : undefined));
  const kind = take('kind', (value) => strategyKinds.find((known) => known === value)) ?? null;
  const group = take('group', (value) => (value === 'yes' || value === 'no' ? value : undefined));
  const open = take('open', readOpen) ?? [];
  left.push(...query.keys());
  const descending = sort !== null && dir === 'desc';
  return {
    view: { sort, descending, kind, grouped: group !== 'no', open },
    problem: problemOf(left, Number(model)),
  };
}

/** Rows by their keys, each once; undefined where one of them is none. */
function readOpen(list: string): readonly string[] | undefined {
  if (list.length > MAX_OPEN) return undefined;
  const keys = [...new Set(list.split(','))];
  return keys.every((key) => mechanisms.some((row) => row.key === key)) ? keys : undefined;
}

function problemOf(left: readonly string[], model: number): string | null {
  if (left.length > 0) {
    const names = left.map((key) => (key.length > 40 ? `${key.slice(0, 40)}…` : key)).join(', ');
    return `Parts of the link are not valid and were left out: ${names}.`;
  }
  return model === MODEL_VERSION
    ? null
    : 'This link was made with another version of the model: figures may differ.';
}
