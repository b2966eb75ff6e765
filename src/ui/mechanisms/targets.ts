import { mechanisms } from '../../store/mechanisms/index.ts';
import type { Target } from '../experiments/use-hrefs.ts';

/** A scenario of the gallery as it is. */
export function plainTarget(scenario: string): Target {
  return { scenario, set: {} };
}

/** Every run that a row may link to. */
export const TARGETS: readonly Target[] = mechanisms.flatMap(({ scenarios, run }) => [
  ...scenarios.map(({ id }) => plainTarget(id)),
  { scenario: run.scenario, set: run.set },
]);
