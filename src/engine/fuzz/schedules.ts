import { cpuCount, machines } from '../../kernel/index.ts';
import { generate } from './documents.ts';
import type { Draw } from './draw.ts';
import { line, type Node } from './tree.ts';

/** A machine with a CPU for every thread that a document may have. */
const ROOMY = 'e5-2680-2s';

const THREAD = /^(?:daemon )?thread (\w+)(?:\[(\d+)\])?/;

/** A thread, or a group of them, with the labels that its text got, in order. */
interface Labelled {
  readonly names: readonly string[];
  readonly labels: readonly string[];
}

/** The node with labels between its statements. Nothing stands within a step. */
function withLabels(d: Draw, node: Node, labels: string[], likely: number): Node {
  if (node.head.startsWith('atomic')) return node;
  const body = node.body.flatMap((part) => {
    const label = `L${labels.length}`;
    if (!d.chance(likely)) return [withLabels(d, part, labels, likely)];
    labels.push(label);
    return [line(`${label}:`), withLabels(d, part, labels, likely)];
  });
  return { ...node, body };
}

function label(d: Draw, node: Node, found: Labelled[]): Node {
  const match = THREAD.exec(node.head);
  if (match === null) return { ...node, body: node.body.map((part) => label(d, part, found)) };
  const [head = '', name = '', count] = match;
  const labels: string[] = [];
  const labelled = withLabels(d, { ...node, head: `${head} {` }, labels, d.pick([0.2, 0.6]));
  const numbers = Array.from({ length: Number(count ?? 0) }, (_, k) => `${name}[${k}]`);
  found.push({ names: count === undefined ? [name] : numbers, labels });
  return labelled;
}

/** Turns that mostly take every thread from one label to a later one, as a schedule would that somebody wrote. */
function turns(d: Draw, threads: readonly Labelled[]): string[] {
  const places = new Map<string, number>();
  return Array.from({ length: d.int(1, 12) }, () => {
    const { names, labels } = d.pick(threads);
    const name = d.pick(names);
    const place = (places.get(name) ?? -1) + d.int(1, 2);
    const until = labels[d.chance(0.95) ? place : 0];
    if (until === undefined || d.chance(0.1)) return d.chance(0.5) ? `${name} to end;` : `${name};`;
    places.set(name, place);
    return `${name} to ${until}${d.chance(0.1) ? ` ${d.int(1, 3)}` : ''};`;
  });
}

/** A document of which a schedule fixes the interleaving, up to some point. */
export function generateScheduled(d: Draw): Node {
  const found: Labelled[] = [];
  const root = label(d, generate(d), found);
  const many = found.reduce((n, { names }) => n + names.length, 0);
  const fits = (head: string): boolean =>
    machines.some((m) => head === `set machine = ${m.id};` && cpuCount(m) >= many);
  const body = root.body.map((item) => {
    if (!item.head.startsWith('scenario')) return item;
    const parts = item.body.map((part) =>
      part.head.startsWith('set machine') && !fits(part.head) ? line(`set machine = ${ROOMY};`) : part,
    );
    const schedule = { head: 'schedule {', body: turns(d, found).map(line), tail: '}' };
    return { ...item, body: [...parts, schedule] };
  });
  return { ...root, body };
}
