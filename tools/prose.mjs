/**
 * A Vite plugin for the worker: what the catalogue, the machines and the vocabulary say to readers stays out of it. Nothing
 * there shows it, and a page has to fetch the worker before it can paint. The words stay in every other bundle.
 */

/** Calls whose last string is where a number or a word comes from, in words. */
const CALLS = new Set(['sourced', 'derived', 'assumed', 'calibrated', 'op']);
/** Members of catalogue records and of machines that only people read. Lists, as of scenarios, become '' too. */
const MEMBERS = new Set([
  'title',
  'author',
  'date',
  'source',
  'kernels',
  'outcome',
  'fixes',
  'breaks',
  'win',
  'risk',
  'topologySource',
  'help',
]);
const FILES = /\/src\/kernel\/(catalogue|ops)\.ts$|\/src\/kernel\/machines\/[^/]+\.ts$/;

/**
 * @typedef {{ type: string, start: number, end: number, callee?: { name?: string }, arguments?: Node[],
 *   key?: { name?: string }, value?: unknown }} Node
 */

/** @param {Node | undefined} node */
function isText(node) {
  return (node?.type === 'Literal' && typeof node['value'] === 'string') || node?.type === 'TemplateLiteral';
}

/**
 * @param {unknown} value
 * @param {(node: Node) => void} visit
 */
function walk(value, visit) {
  if (Array.isArray(value)) for (const one of value) walk(one, visit);
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value) visit(/** @type {Node} */ (value));
    for (const one of Object.values(value)) walk(one, visit);
  }
}

/** @param {Node} node @returns {Node | undefined} the text that nobody reads here */
function proseOf(node) {
  if (node.type === 'CallExpression' && CALLS.has(node.callee?.name ?? '')) {
    const given = node.arguments ?? [];
    return given.length > 1 ? given.filter(isText).at(-1) : undefined;
  }
  if (node.type !== 'Property' || !MEMBERS.has(node.key?.name ?? '')) return undefined;
  const value = /** @type {Node | undefined} */ (node.value);
  return isText(value) || value?.type === 'ArrayExpression' ? value : undefined;
}

/** @returns {import('vite').Plugin} */
export function withoutProse() {
  return {
    name: 'without-prose',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!FILES.test(id)) return null;
      /** @type {Node[]} */
      const found = [];
      walk(this.parse(code), (node) => {
        const text = proseOf(node);
        if (text !== undefined) found.push(text);
      });
      let out = code;
      for (const { start, end } of found.sort((a, b) => b.start - a.start))
        out = `${out.slice(0, start)}''${out.slice(end)}`;
      return { code: out, map: null };
    },
  };
}
