export * from './hash.ts';
export * from './kinds.ts';
export * from './log.ts';
export * from './meta.ts';
export * from './moment.ts';
export * from './objects.ts';
export * from './units.ts';
export * from './version.ts';
