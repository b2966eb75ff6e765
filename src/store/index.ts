export { type Address, type AddressBar, bindAddress, fragmentOf, linkOf } from './address.ts';
export * from './catalogue.ts';
export { type AppStore, type Client, createAppStore, type Outside } from './create.ts';
export * from './derive.ts';
export { DEFAULT_EXPERIMENT } from './experiment.ts';
export { within } from './opening.ts';
export { playRate } from './playhead.ts';
export { clampRange, follow, MIN_SPAN_NS } from './range.ts';
export type { AppState, MomentRecord, Notice, Phase, Place, Range, Theme } from './state.ts';
