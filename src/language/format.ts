import type {
  AreaItem,
  Block,
  Document,
  FunctionItem,
  Item,
  ScenarioItem,
  ScenarioPart,
  ThreadItem,
  TurnItem,
} from './ast.ts';
import { formatExpr, quoted } from './format-expr.ts';
import { formatBlock, insideBlock } from './format-stmt.ts';
import { type Stretch, Writer } from './writer.ts';

const WIDTH = 110;
const REST = Number.POSITIVE_INFINITY;

function opened(w: Writer, text: string, at: Stretch, body: Block, apart: boolean): void {
  const head = { line: at.line, from: at.from, to: body.from + 1, endLine: body.line };
  w.line(`${text} {`, head, { limit: insideBlock(body), apart });
  formatBlock(w, body);
}

function title(text: string): string {
  return text === '' ? '' : ` ${quoted(text)}`;
}

function formatFunction(w: Writer, f: FunctionItem, apart: boolean): void {
  const params = f.params.map((p) => `${p.type.name} ${p.pointer ? '*' : ''}${p.name}`).join(', ');
  opened(w, `${f.type.name} ${f.pointer ? '*' : ''}${f.name}(${params})`, f, f.body, apart);
}

function formatThread(w: Writer, t: ThreadItem): void {
  const count = t.count === undefined ? '' : `[${formatExpr(t.count)}]`;
  const home = t.process === undefined ? '' : ` in ${t.process}`;
  const cpu = t.cpu === undefined ? '' : ` on cpu ${formatExpr(t.cpu)}`;
  opened(w, `${t.daemon ? 'daemon ' : ''}thread ${t.name}${count}${home}${cpu}`, t, t.body, false);
}

function areaText(a: AreaItem): string {
  const count = a.count === undefined ? '' : `[${formatExpr(a.count)}]`;
  const flags = a.flags.map((f) => ` ${f}`).join('');
  return `area ${a.name}${count} = ${formatExpr(a.size)}${flags};`;
}

function numberText(item: { name: string; value: Parameters<typeof formatExpr>[0]; help: string }): string {
  return `number ${item.name} = ${formatExpr(item.value)}${title(item.help)};`;
}

/** Something in braces whose parts are not statements. */
function braces(
  w: Writer,
  text: string,
  at: Stretch,
  parts: readonly (Stretch & { from: number })[],
  write: (k: number) => void,
  apart = false,
): void {
  const first = parts[0];
  // The line of the brace is not known; comments behind it are those on the line where the item begins.
  const head = { line: at.line, from: at.from, to: at.from + 1, endLine: at.line };
  w.line(`${text} {`, head, { limit: first?.from ?? at.to - 1, apart });
  w.block(() => {
    parts.forEach((_, k) => {
      w.within(parts[k + 1]?.from ?? at.to - 1, () => write(k));
    });
    w.flush(at.to - 1);
  });
  w.line('}', { line: at.endLine, endLine: at.endLine, from: at.to - 1, to: at.to });
}

function turnText(t: TurnItem): string {
  const index = t.index.map((e) => `[${formatExpr(e)}]`).join('');
  const until = t.until === undefined ? '' : ` to ${t.until}`;
  const times = t.times === undefined ? '' : ` ${formatExpr(t.times)}`;
  return `${t.thread}${index}${until}${times};`;
}

function formatPart(w: Writer, p: ScenarioPart): void {
  switch (p.kind) {
    case 'set':
      w.line(`set ${p.key} = ${p.value};`, p);
      return;
    case 'number':
      w.line(numberText(p), p);
      return;
    case 'extent':
      w.line(`extent ${formatExpr(p.value)};`, p);
      return;
    case 'area':
      w.line(areaText(p), p);
      return;
    case 'thread':
      formatThread(w, p);
      return;
    case 'process':
      braces(
        w,
        `process ${p.name}${p.count === undefined ? '' : `[${formatExpr(p.count)}]`}`,
        p,
        p.items,
        (k) => formatPart(w, p.items[k] as ScenarioPart),
      );
      return;
    case 'schedule':
      braces(w, 'schedule', p, p.turns, (k) => {
        const turn = p.turns[k];
        if (turn !== undefined) w.line(turnText(turn), turn);
      });
  }
}

function formatScenario(w: Writer, s: ScenarioItem, apart: boolean): void {
  const { expect } = s;
  const outcome = expect === undefined ? '' : ` expect ${expect.outcome}`;
  const which = expect?.invariant === undefined ? '' : `(${expect.invariant})`;
  const text = `scenario ${s.name}${title(s.title)}${outcome}${which}`;
  braces(w, text, s, s.items, (k) => formatPart(w, s.items[k] as ScenarioPart), apart);
}

function oneLine(item: Exclude<Item, FunctionItem | ScenarioItem>): string {
  switch (item.kind) {
    case 'knob':
      return `knob ${item.name} = ${formatExpr(item.value)};`;
    case 'number':
      return numberText(item);
    case 'const':
      return `const ${item.name} = ${formatExpr(item.value)};`;
    case 'lock':
      return `${item.type.name} ${item.name};`;
    case 'shared': {
      const length = item.length === undefined ? '' : `[${formatExpr(item.length)}]`;
      const init = item.init === undefined ? '' : ` = ${formatExpr(item.init)}`;
      return `${item.ghost ? 'ghost' : 'shared'} ${item.type.name} ${item.name}${length}${init};`;
    }
    case 'enum': {
      const members = item.members.map((m) =>
        m.value === undefined ? m.name : `${m.name} = ${formatExpr(m.value)}`,
      );
      const name = item.name === '' ? '' : ` ${item.name}`;
      const text = `enum${name} { ${members.join(', ')} };`;
      return text.length <= WIDTH ? text : `enum${name} {\n${members.map((m) => `    ${m},\n`).join('')}};`;
    }
    case 'property': {
      const head = `${item.property} ${item.name}${title(item.sentence)}:`;
      const value = `${formatExpr(item.value)};`;
      return head.length + 1 + value.length <= WIDTH ? `${head} ${value}` : `${head}\n    ${value}`;
    }
  }
}

/**
 * A document in canonical layout: four blanks of indentation, one blank line at most, costs and comments behind short
 * statements in one column. Nothing is lost: comments keep their order, and the result parses to an equal document.
 * Meant for documents that were parsed without errors; what an error cost is not in the document any more.
 */
export function format(document: Document): string {
  const w = new Writer(document.comments);
  document.items.forEach((item, k) => {
    const before = document.items[k - 1];
    const tall = (i: Item | undefined): boolean => i?.kind === 'function' || i?.kind === 'scenario';
    const apart = k > 0 && (tall(item) || tall(before));
    w.within(document.items[k + 1]?.from ?? REST, () => {
      if (item.kind === 'function') formatFunction(w, item, apart);
      else if (item.kind === 'scenario') formatScenario(w, item, apart);
      else w.line(oneLine(item), item, { apart });
    });
  });
  return w.end();
}
