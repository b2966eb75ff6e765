export * from './catalogue.ts';
export * from './combination.ts';
export * from './lock-words.ts';
export * from './machine.ts';
export * from './machines/index.ts';
export * from './ops.ts';
