/** The page of experiments: fetched with that page, never before it. */

export { publishedValue, type Run, runName } from '../../evidence/figure.ts';
export type { EvidenceRecord, Published } from '../../evidence/record.ts';
export { encodeLink } from '../../scenario/link.ts';
export { asCsv, asJson } from './copy.ts';
export { startExperiments } from './create.ts';
export * from './figures.ts';
export {
  ARTICLE_BATCHES,
  batchMachines,
  cpusOf,
  DEFAULT_FORM,
  type FormPoint,
  isQuickLook,
  MAX_SEEDS,
  type Problem,
  PUBLISHED_MACHINE,
  type ReadForm,
  readForm,
} from './form.ts';
export { zoneKnobs } from './knobs.ts';
export { experimentsFragment } from './link.ts';
export { batchNotes, type Note } from './notes.ts';
export * from './series.ts';
export type { BatchForm, Experiments, Underway } from './state.ts';
