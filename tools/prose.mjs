/**
 * Vite plugins for what a page has to fetch before it can paint: what the catalogue, the machines and the vocabulary say to
 * readers stays out of the worker, where nothing shows it, and what the catalogue says out of the page, until it is asked
 * for as `catalogue.ts?prose`. The words stay in every other bundle, and wherever nothing is built.
 */

/** Calls whose last argument is where a number comes from, in words; `mark` is one of the others, as a machine has it. */
const MARKS = new Set(['sourced', 'derived', 'assumed', 'calibrated', 'mark']);
/** Calls whose last string says what a word means. */
const WORDS = new Set(['op']);
/** Members of catalogue records and of machines that only people read. Lists, as of scenarios, become '' too. */
const LATE = ['date', 'source', 'kernels', 'outcome', 'fixes', 'breaks', 'win', 'risk'];
const MEMBERS = new Set([...LATE, 'title', 'author', 'topologySource', 'coresSource', 'help']);
const FILES = /\/src\/kernel\/([^/]+|machines\/[^/]+)\.ts$/;

/** What of it the page does without at first: it shows titles and authors, */
const LATE_MEMBERS = new Set(LATE);
/** but those only of strategies that have a path file, beside its text; of a lock's model the menu comes late. */
const NAMES = new Set(['title', 'author']);
const LATE_FILES = /\/src\/kernel\/(catalogue|range-locks|[^/]+-schemes)\.ts$/;
const QUERY = '?prose';

/**
 * @typedef {{ type: string, start: number, end: number, callee?: { name?: string }, arguments?: Node[],
 *   key?: { name?: string }, value?: unknown, properties?: Node[], left?: Node, right?: Node }} Node
 */

/**
 * @param {Node | undefined} node
 * @returns {boolean} true for a string as it stands, for one with values in it, and for one that is put together of such
 */
function isText(node) {
  if (node?.type === 'BinaryExpression') return isText(node.left) && isText(node.right);
  return (node?.type === 'Literal' && typeof node.value === 'string') || node?.type === 'TemplateLiteral';
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

/**
 * @param {Node} node
 * @param {ReadonlySet<string>} members
 * @returns {Node | undefined} the text that nobody reads here
 */
function proseOf(node, members) {
  if (node.type === 'CallExpression') {
    const name = node.callee?.name ?? '';
    const given = node.arguments ?? [];
    // Also one that has a name: what several numbers come from is written once.
    if (MARKS.has(name)) return given.length > 1 ? given.at(-1) : undefined;
    return WORDS.has(name) ? given.filter(isText).at(-1) : undefined;
  }
  if (node.type !== 'Property' || !members.has(node.key?.name ?? '')) return undefined;
  const value = /** @type {Node | undefined} */ (node.value);
  return isText(value) || value?.type === 'ArrayExpression' ? value : undefined;
}

/**
 * @param {Node} node
 * @returns {boolean} true for a record whose path file is ''
 */
function isModel({ type, properties = [] }) {
  const file = properties.find(({ key }) => key?.name === 'file')?.value;
  return type === 'ObjectExpression' && /** @type {Node | undefined} */ (file)?.value === '';
}

/**
 * @param {string} code
 * @param {unknown} tree
 * @param {ReadonlySet<string>} members
 * @returns {string} the code with '' in place of every text
 */
function stripped(code, tree, members) {
  /** @type {Node[]} */
  const found = [];
  walk(tree, (node) => {
    const parts = isModel(node) ? (node.properties ?? []).map((one) => proseOf(one, NAMES)) : [];
    for (const text of [...parts, proseOf(node, members)]) if (text !== undefined) found.push(text);
  });
  let out = '';
  let at = 0;
  for (const { start, end } of found.sort((a, b) => a.start - b.start)) {
    // It stands in one that is left out already.
    if (start < at) continue;
    out += `${code.slice(at, start)}''`;
    at = end;
  }
  return out + code.slice(at);
}

/** For the worker. @returns {import('vite').Plugin} */
export function withoutProse() {
  return {
    name: 'without-prose',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      return FILES.test(id) ? { code: stripped(code, this.parse(code), MEMBERS), map: null } : null;
    },
  };
}

/** For the page. @returns {import('vite').Plugin} */
export function withLateProse() {
  return {
    name: 'with-late-prose',
    apply: 'build',
    enforce: 'post',
    resolveId: {
      order: 'pre',
      /** What a file takes from others it takes with their prose, if it has its own. */
      async handler(source, importer) {
        if (importer?.endsWith(QUERY) !== true || !source.startsWith('.')) return null;
        const found = await this.resolve(source, importer, { skipSelf: true });
        return found !== null && LATE_FILES.test(found.id) ? `${found.id}${QUERY}` : found;
      },
    },
    transform(code, id) {
      return LATE_FILES.test(id) ? { code: stripped(code, this.parse(code), LATE_MEMBERS), map: null } : null;
    },
  };
}
