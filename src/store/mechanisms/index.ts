/** The table of mechanisms: fetched with its page, never before it. All that the reader chooses there is in its link. */

export type { Run } from '../../evidence/figure.ts';
export { startExperiments } from '../experiments/create.ts';
export { type Column, firstDescending, MEASURED, sortRows } from './columns.ts';
export { FIRST_VIEW, mechanismsFragment, readMechanismsLink } from './link.ts';
export { mechanisms } from './list.ts';
export { kindCounts, rowsOf, shownRows } from './rows.ts';
export type {
  HoldFigures,
  LockFigures,
  MeasuredState,
  Measuring,
  Mechanism,
  MechanismFigures,
  MechanismRow,
  MechanismsView,
  RowGroup,
  ScenarioLink,
} from './state.ts';
