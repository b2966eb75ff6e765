import type { EnumItem, FunctionItem, Item, NumberItem, Param, PropertyItem, SharedItem } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpr } from './parse-expr.ts';
import { parseScenario } from './parse-scenario.ts';
import { parseBlock, parseType, skipQualifiers } from './parse-stmt.ts';

function stringOf(c: Cursor, what: string): string {
  if (c.token.kind !== 'string') c.fail(`expected ${what} in quotes, found ${c.found}`);
  return c.next().text;
}

/** The `//:` comment on the line that the last token ended: the help of a knob. */
function helpOfLine(c: Cursor): string {
  const line = (c.tokens[c.at - 1] ?? c.token).line;
  // Comments are in order: a binary search keeps many knobs cheap.
  let low = 0;
  let high = c.comments.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((c.comments[mid] as { line: number }).line < line) low = mid + 1;
    else high = mid;
  }
  // Only what stands between this item and the next one says something about it.
  const after = (c.tokens[c.at - 1] ?? c.token).to;
  for (let i = low; c.comments[i]?.line === line; i++) {
    const { text, from } = c.comments[i] as { text: string; from: number };
    if (text.startsWith('//:') && from >= after && (from < c.token.from || c.token.kind === 'eof'))
      return text.slice(3).trim();
  }
  return '';
}

/** `number NAME = VALUE "help";`, its first word already consumed; also a part of scenarios. */
export function parseNumberItem(c: Cursor): NumberItem {
  const start = c.next();
  const { text: name } = c.name("a name after 'number'");
  c.expect('=', `and a value behind 'number ${name}'`);
  const value = parseExpr(c);
  const help = c.token.kind === 'string' ? c.next().text : '';
  c.semicolon(`behind number ${name}`);
  return { kind: 'number', name, value, help, ...c.span(start) };
}

function knob(c: Cursor): Item {
  const start = c.next();
  const { text: name } = c.name("a name after 'knob'");
  c.expect('=', `and a value behind 'knob ${name}'`);
  const value = parseExpr(c);
  c.semicolon(`behind knob ${name}`);
  return { kind: 'knob', name, value, help: helpOfLine(c), ...c.span(start) };
}

function shared(c: Cursor): SharedItem {
  const start = c.next();
  const ghost = start.text === 'ghost';
  const type = parseType(c);
  const { text: name } = c.name('the name of a shared variable');
  const length = c.accept('[') ? parseExpr(c) : undefined;
  if (length !== undefined) c.expect(']', `behind the length of ${name}`);
  const init = c.accept('=') ? parseExpr(c) : undefined;
  if (c.is(',')) c.fail('one shared variable per declaration');
  c.semicolon(`behind ${start.text} ${name}`);
  return {
    kind: 'shared',
    ghost,
    type,
    name,
    ...(length === undefined ? {} : { length }),
    ...(init === undefined ? {} : { init }),
    ...c.span(start),
  };
}

function enumeration(c: Cursor): EnumItem {
  const start = c.next();
  const name = c.token.kind === 'name' ? c.next().text : '';
  c.expect('{', "behind 'enum'");
  const members: EnumItem['members'][number][] = [];
  while (!c.is('}')) {
    const at = c.name('the name of a constant');
    const value = c.accept('=') ? parseExpr(c) : undefined;
    members.push({ name: at.text, ...(value === undefined ? {} : { value }), ...c.span(at) });
    if (!c.accept(',')) break;
  }
  c.expect('}', "to close 'enum'");
  c.semicolon("behind 'enum { }'");
  return { kind: 'enum', name, members, ...c.span(start) };
}

function constant(c: Cursor): Item {
  const start = c.next();
  const { text: name } = c.name("a name after 'const'");
  c.expect('=', `and a value behind 'const ${name}'`);
  const value = parseExpr(c);
  c.semicolon(`behind const ${name}`);
  return { kind: 'const', name, value, ...c.span(start) };
}

function property(c: Cursor): PropertyItem {
  const start = c.next();
  const word = start.text as PropertyItem['property'];
  const { text: name } = c.name(`a name after '${word}'`);
  const sentence = c.token.kind === 'string' ? stringOf(c, 'a sentence') : '';
  c.expect(':', `behind the name and the sentence of ${word} ${name}`);
  const value = parseExpr(c);
  c.semicolon(`behind ${word} ${name}`);
  return { kind: 'property', property: word, name, sentence, value, ...c.span(start) };
}

function parameter(c: Cursor): Param {
  const start = c.token;
  const type = parseType(c);
  const pointer = c.accept('*');
  const { text: name } = c.name('the name of a parameter');
  return { type, pointer, name, ...c.span(start) };
}

function functionOrLock(c: Cursor): Item {
  const start = c.token;
  skipQualifiers(c);
  if (c.token.kind !== 'name' || (c.peek(1).kind !== 'name' && c.peek(1).text !== '*')) {
    c.fail(
      `expected a function, knob, number, shared, const, enum, lock, invariant or scenario, found ${c.found}`,
    );
  }
  const type = parseType(c);
  const pointer = c.accept('*');
  const { text: name } = c.name(`a name behind '${type.name}'`);
  if (c.accept('(')) {
    const params: Param[] = [];
    if (c.is('void') && c.peek(1).text === ')') c.next();
    if (!c.is(')')) {
      do params.push(parameter(c));
      while (params.length < 64 && c.accept(','));
    }
    c.expect(')', `to close the parameters of ${name}`);
    const body = parseBlock(c);
    const item: FunctionItem = { kind: 'function', type, pointer, name, params, body, ...c.span(start) };
    return item;
  }
  if (c.is('=') || c.is('['))
    c.fail(`a variable of all threads is declared with 'shared ${type.name} ${name}'`);
  c.semicolon(`or '(' behind '${type.name} ${name}'`);
  return { kind: 'lock', type, name, ...c.span(start) };
}

/** One item of a document; abandons it after an error. */
export function parseItem(c: Cursor): Item {
  const word = c.token.kind === 'name' ? c.token.text : '';
  switch (word) {
    case 'knob':
      return knob(c);
    case 'number':
      return parseNumberItem(c);
    case 'shared':
    case 'ghost':
      return shared(c);
    case 'enum':
      return enumeration(c);
    case 'const':
      // `const NAME = 3;` is a constant, `const struct x *f()` a function with a qualifier.
      return c.peek(2).text === '=' ? constant(c) : functionOrLock(c);
    case 'invariant':
    case 'reachable':
    case 'progress':
      return property(c);
    case 'scenario':
      return parseScenario(c, parseNumberItem);
    default:
      return functionOrLock(c);
  }
}
