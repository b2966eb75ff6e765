/**
 * A document as brackets within brackets: what stands before a node's parts, the parts, what stands behind them. A
 * shrinker needs to know no more of the language than this.
 */
export interface Node {
  readonly head: string;
  readonly body: readonly Node[];
  readonly tail: string;
}

export function line(text: string): Node {
  return { head: text, body: [], tail: '' };
}

export function around(head: string, body: readonly Node[], tail: string): Node {
  return { head, body, tail };
}

export function textOf(node: Node, indent = ''): string {
  const put = (part: string): string =>
    part === '' ? '' : `${indent}${part.replaceAll('\n', `\n${indent}`)}\n`;
  const deeper = node.head === '' ? indent : `${indent}  `;
  return put(node.head) + node.body.map((n) => textOf(n, deeper)).join('') + put(node.tail);
}

/** Documents that are one cut smaller: parts left out, or put in place of their brackets; large cuts first. */
export function* smaller(node: Node): Generator<Node> {
  const { body } = node;
  for (let size = body.length >> 1; size > 1; size >>= 1) {
    for (let i = 0; i + size <= body.length; i += size) {
      yield { ...node, body: [...body.slice(0, i), ...body.slice(i + size)] };
    }
  }
  for (let i = 0; i < body.length; i++) {
    const part = body[i] as Node;
    const before = body.slice(0, i);
    const after = body.slice(i + 1);
    yield { ...node, body: [...before, ...after] };
    if (part.body.length > 0) yield { ...node, body: [...before, ...part.body, ...after] };
    for (const less of smaller(part)) yield { ...node, body: [...before, less, ...after] };
  }
}

/** The smallest document found that still fails, by cutting as long as a cut keeps the failure. */
export function shrink(node: Node, fails: (smaller: Node) => boolean, tries = 2_000): Node {
  let best = node;
  let left = tries;
  for (let found = true; found && left > 0; ) {
    found = false;
    for (const candidate of smaller(best)) {
      if (left-- <= 0) break;
      if (!fails(candidate)) continue;
      best = candidate;
      found = true;
      break;
    }
  }
  return best;
}
