import type { CatalogueRecord } from '../../kernel/catalogue.ts';
import { catalogueWithProse } from '../../kernel/prose.ts';
import { chosenUnder, galleryChoices } from '../../scenario/choices.ts';
import { measuringOf, measuringRun } from './measuring.ts';
import type { Mechanism, ScenarioLink } from './state.ts';

const USES = ['risk', 'win', 'set', 'default'] as const;

/** The scenarios of the gallery that have a record in force. */
function scenariosOf({ kind, id, win = [], risk = [] }: CatalogueRecord): readonly ScenarioLink[] {
  const found = galleryChoices
    .filter(({ set }) => chosenUnder(set)[kind] === id)
    .map(({ id: scenario, title, set }): ScenarioLink => {
      const chosen = set[kind] === id ? 'set' : 'default';
      const use = risk.includes(scenario) ? 'risk' : win.includes(scenario) ? 'win' : chosen;
      return { id: scenario, title, use };
    });
  return USES.flatMap((use) => found.filter((link) => link.use === use));
}

/** Every record of the catalogue, in its order. */
export const mechanisms: readonly Mechanism[] = catalogueWithProse.map((record) => ({
  key: `${record.kind}.${record.id}`,
  record,
  scenarios: scenariosOf(record),
  measuring: measuringOf(record),
  run: measuringRun(record),
}));
