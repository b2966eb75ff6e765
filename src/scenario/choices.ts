import { defaults, recordOf, type StrategyKind, strategyKinds } from '../kernel/catalogue.ts';
import { usualLock } from '../kernel/combination.ts';
import { titles } from './titles.ts';

/** What the scenarios of the gallery choose themselves, without their texts. */
interface DocumentChoices {
  readonly expect: 'pass' | 'violation' | 'deadlock';
  /** Settings and knobs as they are written. */
  readonly set: Readonly<Record<string, string>>;
}

/** A scenario of the gallery with what it sets and what comes of it. */
export interface GalleryChoices extends DocumentChoices {
  readonly id: string;
  readonly title: string;
}

const raw = import.meta.glob<DocumentChoices>('./gallery/*.kp', {
  query: '?choices',
  import: 'default',
  eager: true,
});

/** In the order of the menu. */
export const galleryChoices: readonly GalleryChoices[] = titles.flatMap(({ id, title }) => {
  const choices = raw[`./gallery/${id}.kp`];
  return choices === undefined ? [] : [{ id, title, ...choices }];
});

/** The strategy in force of each kind under some settings, as `resolve` chooses it. */
export function chosenUnder(set: Readonly<Record<string, string>>): Readonly<Record<StrategyKind, string>> {
  const munmap = recordOf('munmap', set['munmap'] ?? defaults.munmap);
  const fault = recordOf('fault', set['fault'] ?? defaults.fault);
  const fallback = { ...defaults, mmapLock: usualLock(munmap, fault) };
  const chosen = strategyKinds.map((kind) => [kind, set[kind] ?? fallback[kind]]);
  return Object.fromEntries(chosen) as Record<StrategyKind, string>;
}
