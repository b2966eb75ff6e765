import { Code, WORDS } from './bytecode.ts';
import { type CompileInput, compile } from './compile/compile.ts';
import { parse } from './parse.ts';
import type { Diagnostic, Program } from './program.ts';
import type { OpSpec, ParamSpec, Vocabulary } from './vocabulary.ts';

/** A small vocabulary and a small interpreter for the tests of this room. */

function params(spec: string): ParamSpec[] {
  return spec === ''
    ? []
    : spec.split(' ').map((s) => {
        const [name = '', type = 'int', table] = s.split(':');
        const optional = name.endsWith('?');
        const base = { name: name.replace('?', ''), type };
        return { ...base, ...(table === undefined ? {} : { table }), ...(optional ? { optional } : {}) };
      });
}

function op(kind: OpSpec['kind'], name: string, spec: string, returns: string, aliases?: string[]): OpSpec {
  const base = { name, params: params(spec), returns, kind, help: `${name}.` };
  return aliases === undefined ? base : { ...base, aliases };
}

export const vocabulary: Vocabulary = {
  types: [
    {
      name: 'box',
      c: ['struct box_struct'],
      help: 'A box.',
      fields: [
        { name: 'value', aliases: ['val'], type: 'int', get: 'box_value', set: 'set_box_value' },
        { name: 'next', type: 'box', get: 'box_next' },
        { name: 'lock', type: 'rwsem', get: 'box_lock' },
      ],
    },
    { name: 'tool', c: ['struct tool_struct'], help: 'A tool.', fields: [] },
    { name: 'rwsem', c: ['struct rw_semaphore'], help: 'A lock.', fields: [], lock: 'rwsem' },
    { name: 'spinlock', c: ['spinlock_t'], help: 'A lock.', fields: [], lock: 'spinlock' },
  ],
  ops: [
    op('step', 'box_value', 'b:box', 'int'),
    op('step', 'set_box_value', 'b:box v:int', 'void'),
    op('step', 'box_next', 'b:box', 'box'),
    op('pure', 'box_lock', 'b:box', 'rwsem'),
    op('step', 'first_box', 'r:range', 'box'),
    op('step', 'next_box', 'r:range b:box', 'box'),
    op('step', 'down_write', 'l:rwsem', 'void', ['write_lock_it']),
    op('step', 'up_write', 'l:rwsem', 'void'),
    op('step', 'downgrade_write', 'l:rwsem', 'void'),
    op('step', 'out', 'v:int', 'void'),
    op('step', 'echo', 'v:int', 'int'),
    op('step', 'sum', 'a:int b:int c:int', 'int'),
    op('step', 'length', 'r:range extra?:int', 'int'),
    op('step', 'use', 't:tool', 'void'),
    op('step', 'phase', 'name:name:phase', 'void'),
    op('step', 'enter', 'name:name:syscall a:int b:int', 'void'),
    op('step', 'leave', 'name:name:syscall result:int', 'void'),
    op('pure', 'half', 'v:int', 'int'),
    op('peek', 'waiters', 'l:rwsem', 'int'),
    op('peek', 'glance', 'v:int', 'int'),
  ],
  iterators: [
    {
      name: 'boxes',
      params: params('r:range'),
      element: 'box',
      first: 'first_box',
      next: 'next_box',
      help: 'Boxes.',
    },
  ],
  variables: [
    { name: 'index', type: 'int', register: 0, help: 'Number in the group.' },
    { name: 'me', type: 'box', register: 1, help: 'The own box.' },
  ],
  constants: [
    { name: 'PAGE_SIZE', value: 4096, help: 'A page.' },
    { name: 'EINTR', value: 4, help: 'Interrupted.' },
    { name: 'FLAG', value: 0x40, help: 'A flag.' },
  ],
  entries: [{ name: 'syscall_here', enter: 'enter', exit: 'leave', table: 'syscall' }],
  costs: [
    { name: 'cheap', help: 'Little.' },
    { name: 'dear', help: 'Much.' },
    { name: 'unpriced', help: 'Unknown.' },
  ],
  settings: ['machine', 'seed', 'mmapLock'],
  areaFlags: [{ name: 'populated', help: 'Filled.' }],
  invariants: ['writer_excludes'],
};

export function input(text: string, more: Partial<CompileInput> = {}): CompileInput {
  return {
    vocabulary,
    main: parse(text, 'main.kp').document,
    mainFile: 'main.kp',
    mainText: text,
    scenario: 's',
    library: [],
    overrides: {},
    costs: { cheap: 10, dear: 1000 },
    machine: 'test-machine',
    place: (areas) => areas.map((_, k) => 0x200000 * (k + 1)),
    ...more,
  };
}

/** Parses and compiles; the diagnostics of both. */
export function build(
  text: string,
  more: Partial<CompileInput> = {},
): { program: Program | null; diagnostics: Diagnostic[] } {
  const { diagnostics } = parse(text, 'main.kp');
  const result = compile(input(text, more));
  return { program: result.program, diagnostics: [...diagnostics, ...result.diagnostics] };
}

build.parse = (text: string, file: string) => parse(text, file).document;

/** Compiles what must be right. @throws with the diagnostics otherwise */
export function compiled(text: string, more: Partial<CompileInput> = {}): Program {
  const { program, diagnostics } = build(text, more);
  if (program === null) throw new Error(diagnostics.map((d) => `${d.line}:${d.col} ${d.message}`).join('\n'));
  return program;
}

/** A scenario with one thread of this text, and whatever stands outside of it. */
export function thread(body: string, outside = ''): string {
  return `${outside}\nscenario s { thread t { ${body} } }\n`;
}

export interface Trace {
  /** Arguments of every `out`, in order. */
  readonly out: number[];
  /** Names of the steps that were made (operations, LOAD, STORE), with '@' for a cost and braces for atomic blocks. */
  readonly steps: string[];
  readonly costs: number[];
  readonly shared: number[];
  /** Instructions that were executed. */
  readonly executed: number;
  readonly ended: 'halt' | 'park' | 'index' | 'division' | 'budget';
}

/** Runs one thread alone. Boxes are numbers: box n has value 10n and next n + 1 up to 3; a lock is 100 + its box. */
export function run(program: Program, template = 0, index = 0, budget = 100_000): Trace {
  const t = program.templates[template];
  if (t === undefined) throw new Error('no such template');
  const R = Float64Array.from(t.init);
  R[0] = index;
  R[1] = 7;
  const trace = { out: [] as number[], steps: [] as string[], costs: [] as number[], shared: [] as number[] };
  for (const v of program.shared) for (let k = 0; k < v.length; k++) trace.shared[v.slot + k] = v.initial;
  let pc = t.entry;
  let executed = 0;
  const end = (ended: Trace['ended']): Trace => ({ ...trace, executed, ended });
  while (executed++ < budget) {
    const [code, x, y, z] = Array.from(program.code.subarray(pc * WORDS, pc * WORDS + WORDS)) as [
      number,
      number,
      number,
      number,
    ];
    const a = R[y] as number;
    const b = R[z] as number;
    pc++;
    switch (code) {
      case Code.HALT:
        return end('halt');
      case Code.MOV:
        R[x] = a;
        break;
      case Code.NOT:
        R[x] = a === 0 ? 1 : 0;
        break;
      case Code.NEG:
        R[x] = -a;
        break;
      case Code.INV:
        R[x] = ~a;
        break;
      case Code.JMP:
        pc = x;
        break;
      case Code.JZ:
        if (a === 0) pc = x;
        break;
      case Code.JNZ:
        if (a !== 0) pc = x;
        break;
      case Code.LOAD:
        trace.steps.push('LOAD');
        R[x] = trace.shared[y + (z >= 0 ? b : 0)] as number;
        break;
      case Code.STORE:
        trace.steps.push('STORE');
        trace.shared[y + (z >= 0 ? b : 0)] = R[x] as number;
        break;
      case Code.OP: {
        const spec = vocabulary.ops[y] as OpSpec;
        const n = spec.params.reduce((sum, p) => sum + (p.type === 'range' ? 2 : 1), 0);
        const result = effect(spec.name, Array.from(R.subarray(z, z + n)), trace.out);
        if (spec.kind === 'step') trace.steps.push(spec.name);
        if (x >= 0) R[x] = result;
        break;
      }
      case Code.COST:
        trace.costs.push(a);
        trace.steps.push('@');
        break;
      case Code.COST_CODE:
        break;
      case Code.ATOMIC_BEGIN:
      case Code.ATOMIC_END:
        trace.steps.push(code === Code.ATOMIC_BEGIN ? '{' : '}');
        break;
      case Code.WAIT:
        if (a === 0) return end('park');
        break;
      case Code.CHECK_INDEX:
        if (!(a >= 0 && a < x)) return end('index');
        break;
      default: {
        if ((code === Code.DIV || code === Code.MOD) && b === 0) return end('division');
        R[x] = binary(code, a, b);
      }
    }
  }
  return end('budget');
}

function effect(name: string, args: number[], out: number[]): number {
  const [a = 0, b = 0, c = 0] = args;
  switch (name) {
    case 'out':
      out.push(a);
      return 0;
    case 'enter':
    case 'leave':
      out.push(name === 'enter' ? 1000 + a : 2000 + a, b, ...(name === 'enter' ? [c] : []));
      return 0;
    case 'echo':
    case 'glance':
      return a;
    case 'sum':
      return a + b + c;
    case 'length':
      return b - a + c;
    case 'half':
      return Math.floor(a / 2);
    case 'box_value':
      return 10 * a;
    case 'set_box_value':
      out.push(a, b);
      return 0;
    case 'box_next':
      return a < 3 ? a + 1 : 0;
    case 'box_lock':
      return 100 + a;
    case 'first_box':
      return a < b ? 1 : 0;
    case 'next_box':
      return c < 3 ? c + 1 : 0;
    case 'down_write':
    case 'use':
      out.push(a);
      return 0;
    default:
      return 0;
  }
}

function binary(code: number, a: number, b: number): number {
  switch (code) {
    case Code.ADD:
      return a + b;
    case Code.SUB:
      return a - b;
    case Code.MUL:
      return a * b;
    case Code.DIV:
      return Math.trunc(a / b);
    case Code.MOD:
      return a % b;
    case Code.AND:
      return a & b;
    case Code.OR:
      return a | b;
    case Code.XOR:
      return a ^ b;
    case Code.SHL:
      return a << b;
    case Code.SHR:
      return a >> b;
    case Code.EQ:
      return a === b ? 1 : 0;
    case Code.NE:
      return a !== b ? 1 : 0;
    case Code.LT:
      return a < b ? 1 : 0;
    case Code.LE:
      return a <= b ? 1 : 0;
    case Code.GT:
      return a > b ? 1 : 0;
    case Code.GE:
      return a >= b ? 1 : 0;
    default:
      throw new Error(`no such instruction: ${code}`);
  }
}
