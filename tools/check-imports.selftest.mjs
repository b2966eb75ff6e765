/**
 * Tests the import checker on small source trees made in a temporary folder: a checker that passes
 * everything would look just like an architecture that holds.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkImports } from './check-imports.mjs';

/** @typedef {{ name: string, files: Record<string, string>, breaches: RegExp[] }} Case */

/** @type {Case[]} */
const cases = [
  {
    name: 'what the table allows',
    files: {
      'event/a.ts': 'export const a = 1;',
      'language/b.ts': "import { a } from '../event/a.ts'; export const b = a;",
      'engine/index.ts': "export * from '../language/b.ts';",
      'evidence/c.ts': "export * from '../engine/index.ts'; import type {} from '../scenario/s.ts';",
      'scenario/s.ts': "import { z } from 'zod'; export const s = z;",
      'worker/client.ts': "new Worker(new URL('./main.ts', import.meta.url), { type: 'module' });",
      'worker/main.ts': "import '../engine/index.ts';",
      'store/d.ts': "import '../worker/client.ts'; import { create } from 'zustand';",
      'ui/e.tsx': "import '../store/d.ts'; import './e.css'; import { createRoot } from 'react-dom/client';",
      'ui/e.css': '',
      'cli/main.ts': "import { readFileSync } from 'node:fs'; import '../worker/main.ts';",
      'engine/a.test.ts': "import '../scenario/s.ts'; import { test } from 'vitest'; import 'node:fs';",
    },
    breaches: [],
  },
  {
    name: 'a room above is out of reach',
    files: { 'event/a.ts': "import '../language/b.ts';", 'language/b.ts': '' },
    breaches: [/^event\/a\.ts: may not import language\/b\.ts$/],
  },
  {
    name: 'types, re-exports, import() and import types count as well',
    files: {
      'trace/a.ts': "import type { B } from '../engine/index.ts'; export type C = B;",
      'trace/b.ts': "export * from '../engine/index.ts';",
      'trace/c.ts': "export const c = () => import('../engine/index.ts');",
      'trace/d.ts': "export type D = import('../engine/index.ts').B;",
      'trace/e.ts': "export const e = new URL('../engine/index.ts', import.meta.url);",
      'engine/index.ts': 'export type B = 1;',
    },
    breaches: [/^trace\/a/, /^trace\/b/, /^trace\/c/, /^trace\/d/, /^trace\/e/],
  },
  {
    name: 'single files of a room',
    files: {
      'evidence/a.ts': "import '../engine/inner.ts';",
      'engine/inner.ts': '',
      'store/b.ts': "import '../worker/main.ts';",
      'worker/main.ts': '',
    },
    breaches: [/^evidence.*only engine\/index\.ts/, /^store.*only worker\/protocol\.ts, worker\/client\.ts/],
  },
  {
    name: 'packages',
    files: {
      'engine/a.ts': "import { z } from 'zod';",
      'store/b.ts': "import 'react';",
      'ui/c.ts': "import { readFileSync } from 'node:fs';",
      'cli/d.ts': "import '@fontsource-variable/inter/index.css';",
      'ui/e.ts': "import 'left-pad';",
    },
    breaches: [
      /^cli\/d\.ts: may not use the package @fontsource-variable\/inter$/,
      /^engine\/a\.ts: may not use the package zod$/,
      /^store\/b\.ts: may not use the package react$/,
      /^ui\/c\.ts: may not use Node's own node:fs$/,
      /^ui\/e\.ts: may not use the package left-pad$/,
    ],
  },
  {
    name: 'what tests may do is for tests, and only in their rooms',
    files: {
      'engine/a.ts': "import 'vitest';",
      'trace/b.ts': "import '../scenario/s.ts';",
      'event/c.test.ts': "import '../scenario/s.ts';",
      'scenario/s.ts': '',
    },
    breaches: [/^engine\/a/, /^event\/c\.test/, /^trace\/b/],
  },
  {
    name: 'paths',
    files: {
      'event/a.ts': "import './b';",
      'event/b.ts': '',
      'event/c.ts': "import '../../package.json';",
      'loose.ts': '',
      'attic/d.ts': '',
    },
    breaches: [/^attic\/d.*no room/, /^event\/a.*extension/, /^event\/c.*out of/, /^loose.*no room/],
  },
  {
    name: 'patterns',
    files: {
      'kernel/a.ts': "export const a = import.meta.glob('./mm/*.kp', { query: '?raw' });",
      'kernel/b.ts': "export const b = import.meta.glob('../language/*.ts');",
    },
    breaches: [/^kernel\/b\.ts: the pattern/],
  },
  {
    name: 'circles',
    files: {
      'event/a.ts': "import './b.ts';",
      'event/b.ts': "import './c.ts';",
      'event/c.ts': "export * from './a.ts';",
      'event/d.ts': "import { e } from './e.ts'; export const d = e;",
      'event/e.ts': "import type { d } from './d.ts'; export const e: typeof d = 1;",
    },
    breaches: [/^circle: event\/a\.ts -> event\/b\.ts -> event\/c\.ts -> event\/a\.ts$/],
  },
  {
    name: 'a file that does not parse',
    files: { 'event/a.ts': 'export const = ;' },
    breaches: [/^event\/a\.ts: does not parse/],
  },
];

/** @param {Case} example */
function runCase({ name, files, breaches }) {
  const dir = mkdtempSync(join(tmpdir(), 'mmscope-imports-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
    const found = checkImports(dir);
    assert.equal(found.length, breaches.length, `${name}: ${JSON.stringify(found)}`);
    for (const [index, breach] of breaches.entries()) assert.match(found[index] ?? '', breach, name);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @returns {string[]} what the checker got wrong */
export function selfTest() {
  return cases.flatMap((example) => {
    try {
      runCase(example);
      return [];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failures = selfTest();
  for (const failure of failures) console.log(failure);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
