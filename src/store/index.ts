export {
  type Address,
  type AddressBar,
  bindAddress,
  documentOf,
  fragmentOf,
  linkOf,
  MAX_LINK,
} from './address.ts';
export * from './catalogue.ts';
export { type AppStore, type Client, createAppStore, type Outside } from './create.ts';
export * from './derive.ts';
export { DEFAULT_EXPERIMENT } from './experiment.ts';
export { type Found, find, type Target } from './find.ts';
export { holdsByLine, type LineHold, stepsByLine } from './held.ts';
export { type Changed, changedBy, lastStep } from './last-step.ts';
export { within } from './opening.ts';
export { playRate } from './playhead.ts';
export { clampRange, follow, MIN_SPAN_NS } from './range.ts';
export type {
  AppState,
  DeadEnd,
  MomentRecord,
  Notice,
  Phase,
  Place,
  Range,
  ShownLine,
  SpeedUnit,
  Theme,
} from './state.ts';
export { stopLine } from './stop-line.ts';
export type { Edges } from './timeline.ts';
export type { Drawer, Marked, WhySlice } from './why.ts';
