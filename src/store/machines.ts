import { machines } from '../kernel/machines/index.ts';
import type { Choice } from './catalogue.ts';

/** Machines to choose from. Not in `index.ts`: a menu that opens later needs them, the first picture does not. */
export const machineChoices: readonly Choice[] = machines.map(({ id, title }) => ({
  id,
  title,
  detail: id,
}));
