import { MODEL_VERSION } from '../../event/index.ts';
import { batchMachines, DEFAULT_FORM, MAX_SEEDS } from './form.ts';
import { zoneKnobs } from './knobs.ts';
import type { BatchForm, ExperimentsPart } from './state.ts';

/**
 * The fragment of the page of experiments: `x1.m3.` and what the form has otherwise than at first, as a query. It can be
 * read, and written by hand. Links to runs begin with `v`.
 */
const LINK_VERSION = 1;
/** Longest list and longest setting that a link may carry. */
const MAX_LIST = 4_000;
const MAX_SETTING = 40;

/** What may stand in a link beside machine, batch, seeds and part. */
const SETTINGS: readonly string[] = ['high', 'tasks', 'size', ...zoneKnobs.map(({ name }) => name)];

/** What a link says, and what of it was left out. */
export interface ReadLink {
  readonly form: BatchForm;
  readonly part: ExperimentsPart;
  readonly problem: string | null;
}

/** The fragment, without '#'. */
export function experimentsFragment(form: BatchForm, part: ExperimentsPart): string {
  const query = new URLSearchParams();
  if (part !== 'batch') query.set('part', part);
  if (form.machine !== DEFAULT_FORM.machine) query.set('machine', form.machine);
  if (form.batches !== DEFAULT_FORM.batches) query.set('batch', form.batches);
  if (form.seeds !== DEFAULT_FORM.seeds) query.set('seeds', String(form.seeds));
  for (const [key, value] of Object.entries(form.settings)) query.set(key, value);
  const text = query.toString().replaceAll('%2C', ',');
  return `x${LINK_VERSION}.m${MODEL_VERSION}.${text}`;
}

/** Reads a fragment; what it cannot use gets its default, and the problem names it. */
export function readExperimentsLink(fragment: string): ReadLink {
  const [, version, model, text = ''] = /^x(\d{1,4})\.m(\d{1,6})\.(.*)$/s.exec(fragment) ?? [];
  const plain: ReadLink = { form: DEFAULT_FORM, part: 'batch', problem: null };
  if (version === undefined) return { ...plain, problem: 'The link does not have the form x1.m1.…' };
  if (Number(version) !== LINK_VERSION) {
    const problem = `The link has format version ${version}; this is version ${LINK_VERSION}.`;
    return { ...plain, problem };
  }
  const query = new URLSearchParams(text);
  const left: string[] = [];
  /** The value of a key where it is right, else undefined and a word about it. */
  const take = (key: string, isRight: (value: string) => boolean): string | undefined => {
    const value = query.get(key) ?? undefined;
    query.delete(key);
    if (value === undefined || isRight(value)) return value;
    left.push(key);
    return undefined;
  };
  const part = take('part', (value) => value === 'batch' || value === 'evidence');
  const machine = take('machine', (id) => batchMachines.some((m) => m.id === id));
  const batches = take('batch', (list) => list.length <= MAX_LIST);
  const seeds = take('seeds', (n) => /^\d$/.test(n) && Number(n) >= 1 && Number(n) <= MAX_SEEDS);
  const settings: Record<string, string> = {};
  for (const key of SETTINGS) {
    const value = take(key, (setting) => setting.length <= MAX_SETTING);
    if (value !== undefined) settings[key] = value;
  }
  left.push(...query.keys());
  return {
    form: {
      machine: machine ?? DEFAULT_FORM.machine,
      batches: batches ?? DEFAULT_FORM.batches,
      seeds: Number(seeds ?? DEFAULT_FORM.seeds),
      settings,
    },
    part: part === 'evidence' ? part : 'batch',
    problem: problemOf(left, Number(model)),
  };
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
