import { titles } from '../scenario/titles.ts';
import type { Choice } from './catalogue.ts';

/** The gallery, to choose from. */
export const scenarios: readonly Choice[] = titles.map(({ id, title }) => ({ id, title, detail: id }));
