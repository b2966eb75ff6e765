/**
 * Holds the architecture of import-rules.mjs: which room of src/ may import which, which npm packages a room
 * may use (type-only imports count like the others), and that no files import each other's values in a circle. `node
 * tools/check-imports.mjs [folder]` prints every breach.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { packages, rooms, testPackages, testRooms } from './import-rules.mjs';
import { root } from './setup.mjs';

/**
 * @param {string} dir
 * @returns {string[]} the source files below, as paths
 */
function sourcesBelow(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return sourcesBelow(path);
    return /\.([cm]?[jt]s|[jt]sx)$/.test(entry.name) ? [path] : [];
  });
}

/**
 * @param {any} node
 * @returns {boolean} whether it is a call of import.meta.glob
 */
function isGlob(node) {
  const { type, callee } = node;
  return (
    type === 'CallExpression' && callee.object?.type === 'MetaProperty' && callee.property.name === 'glob'
  );
}

/**
 * Two classes may know each other's types; once the types are erased no module waits for the other.
 * @param {any} node an import, an export or an import type
 * @returns {boolean}
 */
function isTypeOnly(node) {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const kinds = (node.specifiers ?? []).map((/** @type {any} */ s) => s.importKind ?? s.exportKind);
  return kinds.length > 0 && kinds.every((/** @type {unknown} */ kind) => kind === 'type');
}

/**
 * Every module a source file names: imports, re-exports, import(), import types, the
 * `new URL('…', import.meta.url)` by which workers are started, and the pattern of an import.meta.glob.
 * @param {string} path
 * @returns {Map<string, boolean> | undefined} module -> whether a value of it is used, not only types; nothing if the
 * file does not parse
 */
function modulesNamedIn(path) {
  const { program, errors } = parseSync(path, readFileSync(path, 'utf8'));
  if (errors.length > 0) return undefined;
  /** @type {Map<string, boolean>} */
  const found = new Map();
  /** @param {any} node */
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) return node.forEach(visit);
    const named = /^(Import|Export|TSImportType|TSExternalModuleReference)/.test(node.type)
      ? (node.source ?? node.expression)
      : node.type === 'NewExpression' && node.callee.name === 'URL' && node.arguments.length === 2
        ? node.arguments[0]
        : isGlob(node)
          ? node.arguments[0]
          : undefined;
    if (named?.type === 'Literal' && typeof named.value === 'string') {
      found.set(named.value, found.get(named.value) === true || !isTypeOnly(node));
    }
    Object.values(node).forEach(visit);
  };
  visit(program);
  return found;
}

/**
 * @param {string} room
 * @param {string} specifier
 * @param {boolean} isTest
 * @returns {string | undefined} what is wrong with importing this package here
 */
function packageBreach(room, specifier, isTest) {
  if (isBuiltin(specifier)) {
    return isTest || room === 'cli' ? undefined : `may not use Node's own ${specifier}`;
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (isTest && testPackages.includes(name)) return undefined;
  return packages[name]?.includes(room) ? undefined : `may not use the package ${name}`;
}

/**
 * @param {string} room
 * @param {string} target the imported file, relative to src with forward slashes
 * @param {boolean} isTest
 * @returns {string | undefined}
 */
function roomBreach(room, target, isTest) {
  const other = target.split('/')[0] ?? '';
  const allowed = [...(rooms[room] ?? []), ...(isTest ? (testRooms[room] ?? []) : [])];
  if (other === room || allowed.includes(other) || allowed.includes(target)) return undefined;
  const files = allowed.filter((entry) => entry.startsWith(`${other}/`));
  return `may not import ${target}${files.length > 0 ? ` (of that room only ${files.join(', ')})` : ''}`;
}

/**
 * @param {Map<string, string[]>} graph
 * @returns {string[]} one line for each circle found
 */
function circles(graph) {
  /** @type {string[]} */
  const found = [];
  /** @type {Map<string, 'open' | 'done'>} */
  const state = new Map();
  /** @type {string[]} */
  const trail = [];
  /** @param {string} file */
  const visit = (file) => {
    if (state.get(file) === 'open') {
      found.push(`circle: ${[...trail.slice(trail.indexOf(file)), file].join(' -> ')}`);
    }
    if (state.has(file)) return;
    state.set(file, 'open');
    trail.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    trail.pop();
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file);
  return found;
}

/**
 * @param {string} src the folder with the rooms
 * @returns {string[]} every breach, in a line of its own
 */
export function checkImports(src) {
  /** @type {string[]} */
  const breaches = [];
  /** @type {Map<string, string[]>} */
  const graph = new Map();
  for (const path of sourcesBelow(src).sort()) {
    const file = relative(src, path).split(sep).join('/');
    const room = file.includes('/') ? (file.split('/')[0] ?? '') : '';
    if (!(room in rooms)) {
      breaches.push(`${file}: is in no room that tools/import-rules.mjs knows`);
      continue;
    }
    const isTest = /\.test\.tsx?$/.test(file);
    /** @type {string[]} */
    const edges = [];
    graph.set(file, edges);
    const named = modulesNamedIn(path);
    if (named === undefined) breaches.push(`${file}: does not parse`);
    for (const [specifier, usesValue] of named ?? []) {
      if (!specifier.startsWith('.')) {
        const breach = packageBreach(room, specifier, isTest);
        if (breach) breaches.push(`${file}: ${breach}`);
        continue;
      }
      if (specifier.includes('*')) {
        const inside = specifier.startsWith('./') && !specifier.includes('..');
        if (!inside) breaches.push(`${file}: the pattern ${specifier} leads out of its folder`);
        continue;
      }
      const resolved = resolve(dirname(path), specifier.replace(/[?#].*$/, ''));
      const target = relative(src, resolved).split(sep).join('/');
      if (target.startsWith('../')) breaches.push(`${file}: ${specifier} leads out of the source folder`);
      else if (!existsSync(resolved) || !statSync(resolved).isFile()) {
        breaches.push(`${file}: ${specifier} is not a file (the extension is part of an import)`);
      } else {
        const breach = roomBreach(room, target, isTest);
        if (breach) breaches.push(`${file}: ${breach}`);
        if (usesValue) edges.push(target);
      }
    }
  }
  return [...breaches, ...circles(graph)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const breaches = checkImports(resolve(process.argv[2] ?? join(root, 'src')));
  for (const breach of breaches) console.log(breach);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
