import { type Run, runName } from '../../evidence/figure.ts';
import { cpuCount } from '../../kernel/machine.ts';
import { servers } from '../../kernel/machines/servers.ts';
import { parseNumber } from '../../language/text.ts';
import { listedValues, ValuesError } from '../../scenario/values.ts';
import type { BatchForm, Settings } from './state.ts';

/** Batches of the published table, which the article is about. */
export const ARTICLE_BATCHES =
  '31, 53, 63, 73, 119, 127, 137, 165, 188, 223, 255, 267, 299, 320, 393, 424, 458, 467, 498, 511';
export const PUBLISHED_MACHINE = 'skylake-ex-4s';

export const DEFAULT_FORM: BatchForm = {
  machine: PUBLISHED_MACHINE,
  batches: ARTICLE_BATCHES,
  seeds: 1,
  settings: {},
};

/** Machines of the study, to choose from. */
export const batchMachines: readonly { readonly id: string; readonly title: string }[] = servers.map(
  ({ id, title }) => ({ id, title }),
);

/** Most seeds of one experiment, and most points. */
export const MAX_SEEDS = 8;
export const MAX_POINTS = 400;
const MAX_BATCH = 65_536;

/** Numbers that may be set, each with what is right for it. */
const NUMBERS: Readonly<
  Record<string, { most: (machine: string) => number; least: number; expected: string }>
> = {
  high: { least: 1, most: () => 2 ** 31, expected: 'a whole number of pages from 1 on' },
  tasks: {
    least: 1,
    most: (id) => cpusOf(id),
    expected: 'a whole number from 1 to the CPUs of the machine',
  },
  size: {
    least: 4_096,
    most: () => 2 ** 40,
    expected: 'a size from 4KB on, in KB, MB or GB, such as 4MB',
  },
};

/** Logical CPUs of a machine of the study. */
export function cpusOf(id: string): number {
  const machine = servers.find((m) => m.id === id);
  return machine === undefined ? 1 : cpuCount(machine);
}

/** Something in the form that cannot be run, and where: of a text as characters [from, to). */
export interface Problem {
  readonly field: string;
  readonly message: string;
  readonly from?: number;
  readonly to?: number;
}

/** One run of the experiment. */
export interface FormPoint {
  readonly batch: number;
  readonly seed: number;
  readonly run: Run;
  readonly name: string;
}

export interface ReadForm {
  /** Every batch with every seed, batches in the order of the list; none when there are problems. */
  readonly points: readonly FormPoint[];
  readonly problems: readonly Problem[];
}

/** Whether what is measured is something else than what was published: fewer processes, or less memory. */
export function isQuickLook({ settings }: BatchForm): boolean {
  return settings['tasks'] !== undefined || settings['size'] !== undefined;
}

/** What a form asks for. */
export function readForm(form: BatchForm): ReadForm {
  const { machine, settings, seeds } = form;
  const { batches, problems } = readBatches(form.batches);
  const wrong = Object.entries(settings).flatMap(([key, text]) => numberProblem(key, text, machine));
  const all = [...problems, ...wrong];
  if (all.length === 0 && batches.length * seeds > MAX_POINTS) {
    const message = `${batches.length} batches with ${seeds} seeds are more than ${MAX_POINTS} points`;
    all.push({ field: 'batches', message });
  }
  if (all.length > 0) return { points: [], problems: all };
  const points = batches.flatMap((batch) =>
    Array.from({ length: seeds }, (_, i) => pointOf(machine, batch, i + 1, settings)),
  );
  return { points, problems: [] };
}

function pointOf(machine: string, batch: number, seed: number, settings: Settings): FormPoint {
  // The first seed is the one that a run has by itself: so it is the same run as that of a published figure.
  const set = { machine, batch: String(batch), ...(seed === 1 ? {} : { seed: String(seed) }), ...settings };
  const run: Run = { kind: 'page-fault1', set };
  return { batch, seed, run, name: runName(run) };
}

function readBatches(text: string): { batches: number[]; problems: Problem[] } {
  const refuse = (message: string, from: number, to: number): { batches: number[]; problems: Problem[] } => ({
    batches: [],
    problems: [{ field: 'batches', message: `${placeOf(text, from)}: ${message}`, from, to }],
  });
  if (text.trim() === '') return refuse('no batch is given', 0, text.length);
  try {
    const batches = new Set<number>();
    for (const { value, from, to } of listedValues(text, MAX_POINTS)) {
      const batch = /^\d{1,6}$/.test(value) ? Number(value) : 0;
      if (batch < 1 || batch > MAX_BATCH) {
        const shown = value.length > 20 ? `${value.slice(0, 20)}…` : value;
        return refuse(`'${shown}' is no batch: a whole number of pages from 1 to ${MAX_BATCH}`, from, to);
      }
      batches.add(batch);
    }
    return { batches: [...batches], problems: [] };
  } catch (error) {
    if (!(error instanceof ValuesError)) throw error;
    return refuse(error.message, error.from, error.to);
  }
}

/** '3rd value' for a person who looks for it in a long list. */
function placeOf(text: string, at: number): string {
  return `value ${text.slice(0, at).split(',').length}`;
}

function numberProblem(key: string, text: string, machine: string): Problem[] {
  const rule = NUMBERS[key];
  if (rule === undefined) return [];
  const value = parseNumber(text.trim());
  const right =
    value !== undefined && Number.isInteger(value) && value >= rule.least && value <= rule.most(machine);
  if (right) return [];
  const most = key === 'tasks' ? ` (${rule.most(machine)})` : '';
  return [{ field: key, message: `'${text}' is no value for ${key}: ${rule.expected}${most}` }];
}
