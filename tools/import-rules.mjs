/**
 * The architecture as a table, held by check-imports.mjs. Imports within a room are always allowed; Node's
 * own modules are for the command line and for tests.
 */

/** What each room may import: whole rooms, or single files of a room. @type {Record<string, string[]>} */
export const rooms = {
  event: [],
  language: ['event'],
  kernel: ['language', 'event'],
  engine: ['event', 'language', 'kernel'],
  explore: ['event', 'language', 'engine'],
  trace: ['event'],
  scenario: ['event', 'language', 'kernel'],
  evidence: ['event', 'scenario', 'engine/index.ts'],
  worker: ['event', 'language', 'kernel', 'engine', 'explore', 'trace', 'scenario', 'evidence'],
  store: [
    ...['event', 'language', 'kernel', 'trace', 'scenario', 'evidence'],
    ...['worker/protocol.ts', 'worker/client.ts', 'worker/experiment-pool.ts'],
  ],
  ui: ['store', 'trace', 'event'],
  cli: ['event', 'language', 'kernel', 'engine', 'explore', 'trace', 'scenario', 'evidence', 'worker'],
};

/** What the tests of a room may import besides. @type {Record<string, string[]>} */
export const testRooms = {
  engine: ['kernel', 'scenario'],
  trace: ['kernel', 'scenario'],
  language: ['kernel', 'scenario'],
  // What a table says of runs is tested with the runs.
  store: ['worker/measure.ts'],
};

/** Who may use an npm package; a package that is not here is for nobody. @type {Record<string, string[]>} */
export const packages = {
  react: ['ui'],
  'react-dom': ['ui'],
  '@base-ui/react': ['ui'],
  'react-resizable-panels': ['ui'],
  d3: ['ui'],
  '@fontsource-variable/inter': ['ui'],
  '@fontsource-variable/jetbrains-mono': ['ui'],
  zustand: ['store', 'ui'],
  zod: ['scenario', 'worker', 'store', 'cli'],
  simjs: ['cli'],
};

/** What the test files of every room may use. */
export const testPackages = ['vitest', 'fast-check', 'simjs', '@paulirish/trace_engine'];
