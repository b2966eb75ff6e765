import type {
  AreaItem,
  NumberItem,
  ProcessItem,
  ScenarioItem,
  ScenarioPart,
  ScheduleItem,
  ThreadItem,
  TurnItem,
} from './ast.ts';
import { Abandon, type Cursor } from './cursor.ts';
import { parseExpr } from './parse-expr.ts';
import { parseBlock } from './parse-stmt.ts';
import { nearest } from './text.ts';

function set(c: Cursor): ScenarioPart {
  const start = c.next();
  const { text: key } = c.name("a name after 'set'");
  c.expect('=', `and a value behind 'set ${key}'`);
  const { text: value } = c.word(`a value for ${key}: a word or a number`);
  c.semicolon(`behind set ${key}`);
  return { kind: 'set', key, value, ...c.span(start) };
}

function extent(c: Cursor): ScenarioPart {
  const start = c.next();
  const value = parseExpr(c);
  c.semicolon('behind extent');
  return { kind: 'extent', value, ...c.span(start) };
}

function area(c: Cursor): AreaItem {
  const start = c.next();
  const { text: name } = c.name("a name after 'area'");
  const count = c.accept('[') ? parseExpr(c) : undefined;
  if (count !== undefined) c.expect(']', `behind the number of areas ${name}`);
  c.expect('=', `and a size behind 'area ${name}'`);
  const size = parseExpr(c);
  const flags: string[] = [];
  while (c.token.kind === 'name') flags.push(c.next().text);
  c.semicolon(`behind area ${name}`);
  return { kind: 'area', name, ...(count === undefined ? {} : { count }), size, flags, ...c.span(start) };
}

function thread(c: Cursor): ThreadItem {
  const start = c.token;
  const daemon = c.accept('daemon');
  c.expect('thread', "after 'daemon'");
  const { text: name } = c.name("a name after 'thread'");
  const count = c.accept('[') ? parseExpr(c) : undefined;
  if (count !== undefined) c.expect(']', `behind the number of threads ${name}`);
  const process = c.accept('in') ? c.name("the name of a process after 'in'").text : undefined;
  let cpu: ThreadItem['cpu'];
  if (c.accept('on')) {
    if (c.is('cpus')) c.fail("expected 'cpu' after 'on'; a group spreads with 'on cpu 1 + index'");
    c.expect('cpu', "after 'on'");
    cpu = parseExpr(c);
  }
  const body = parseBlock(c);
  return {
    kind: 'thread',
    daemon,
    name,
    ...(count === undefined ? {} : { count }),
    ...(process === undefined ? {} : { process }),
    ...(cpu === undefined ? {} : { cpu }),
    body,
    ...c.span(start),
  };
}

function turn(c: Cursor): TurnItem {
  const at = c.name('the name of a thread, or } at the end of the schedule');
  const index = [];
  while (c.accept('[')) {
    index.push(parseExpr(c));
    c.expect(']', `behind the number of thread ${at.text}`);
  }
  const until = c.accept('to') ? c.name("a label or 'end' after 'to'").text : undefined;
  const times = until === undefined || c.is(';') ? undefined : parseExpr(c);
  c.semicolon('behind a turn of the schedule');
  return {
    thread: at.text,
    index,
    ...(until === undefined ? {} : { until }),
    ...(times === undefined ? {} : { times }),
    ...c.span(at),
  };
}

function schedule(c: Cursor): ScheduleItem {
  const start = c.next();
  c.expect('{', "after 'schedule'");
  const turns: TurnItem[] = [];
  while (!c.is('}')) turns.push(turn(c));
  c.expect('}', 'to close the schedule');
  return { kind: 'schedule', turns, ...c.span(start) };
}

/** Parses parts until the closing brace; errors lose one part each. */
function parts<T>(c: Cursor, parse: (c: Cursor) => T): T[] {
  const found: T[] = [];
  c.open();
  while (!c.done && !c.is('}')) {
    const from = c.at;
    const { depth, exprDepth } = c;
    try {
      found.push(parse(c));
    } catch (error) {
      if (!(error instanceof Abandon)) throw error;
      c.depth = depth;
      c.exprDepth = exprDepth;
      c.recover(from);
    }
  }
  c.depth--;
  return found;
}

function process(c: Cursor): ProcessItem {
  const start = c.next();
  const { text: name } = c.name("a name after 'process'");
  const count = c.accept('[') ? parseExpr(c) : undefined;
  if (count !== undefined) c.expect(']', `behind the number of processes ${name}`);
  c.expect('{', `after 'process ${name}'`);
  const items = parts(c, (inner): AreaItem | ThreadItem => {
    if (inner.is('area')) return area(inner);
    if (inner.is('thread') || inner.is('daemon')) return thread(inner);
    return inner.fail(`expected 'area' or 'thread' in process ${name}, found ${inner.found}`);
  });
  c.expect('}', `to close process ${name}`);
  return { kind: 'process', name, ...(count === undefined ? {} : { count }), items, ...c.span(start) };
}

const WORDS = ['set', 'number', 'extent', 'area', 'thread', 'daemon', 'process', 'schedule'];

function part(c: Cursor, number: (c: Cursor) => NumberItem): ScenarioPart {
  switch (c.token.kind === 'name' ? c.token.text : '') {
    case 'set':
      return set(c);
    case 'number':
      return number(c);
    case 'extent':
      return extent(c);
    case 'area':
      return area(c);
    case 'thread':
    case 'daemon':
      return thread(c);
    case 'process':
      return process(c);
    case 'schedule':
      return schedule(c);
    default: {
      const near = nearest(c.token.text, WORDS);
      const hint = near === undefined ? '' : `; nearest: ${near}`;
      return c.fail(`expected ${WORDS.join(', ')} or } in the scenario, found ${c.found}${hint}`);
    }
  }
}

const OUTCOMES = ['pass', 'deadlock', 'stuck', 'limit', 'violation'];

function expectation(c: Cursor): ScenarioItem['expect'] {
  const start = c.name(`one of ${OUTCOMES.join(', ')} after 'expect'`);
  const outcome = start.text;
  if (!OUTCOMES.includes(outcome)) {
    const near = nearest(outcome, OUTCOMES);
    const hint = near === undefined ? '' : `; nearest: ${near}`;
    c.complain(`expected one of ${OUTCOMES.join(', ')} after 'expect', found '${outcome}'${hint}`, start);
    return undefined;
  }
  if (outcome !== 'violation') return { outcome, ...c.span(start) };
  c.expect('(', "after 'violation'");
  const { text: invariant } = c.name('the name of an invariant');
  c.expect(')', "to close 'violation('");
  return { outcome, invariant, ...c.span(start) };
}

/** A scenario. `number` parses its numbers: the same as outside of scenarios. */
export function parseScenario(c: Cursor, number: (c: Cursor) => NumberItem): ScenarioItem {
  const start = c.next();
  const { text: name } = c.word("a name after 'scenario'");
  const title = c.token.kind === 'string' ? c.next().text : '';
  const expect = c.accept('expect') ? expectation(c) : undefined;
  c.expect('{', `to open scenario ${name}`);
  const items = parts(c, (inner) => part(inner, number));
  c.expect('}', `to close scenario ${name}`);
  return {
    kind: 'scenario',
    name,
    title,
    ...(expect === undefined ? {} : { expect }),
    items,
    ...c.span(start),
  };
}
