import type { SiteIdx } from '../../event/index.ts';
import type { Stmt } from '../ast.ts';
import type { TypeName } from '../vocabulary.ts';
import type { Fn } from './declared.ts';
import type { LocalRecord } from './emitter.ts';

export type Scalar =
  | { readonly kind: 'const'; readonly type: TypeName; readonly value: number }
  | { readonly kind: 'reg'; readonly type: TypeName; readonly reg: number };
/** What an expression amounts to. 'bad': an error was reported, nothing more is to be said about it. */
export type Value =
  | Scalar
  | { readonly kind: 'range'; readonly start: Scalar; readonly end: Scalar }
  | { readonly kind: 'void' }
  | { readonly kind: 'bad' };
export const BAD: Value = { kind: 'bad' };

/** A name of a function's scope. */
export interface Local {
  type: TypeName;
  readonly value: Value;
  /** What forbids an assignment to it, in words. */
  readonly fixed: string | null;
}

/** A scenario's area, or a row of equal ones. */
export interface AreaGroup {
  readonly starts: readonly number[];
  readonly bytes: number;
  readonly array: boolean;
}

export interface LabelInfo {
  readonly label: number;
  /** Loops over iterators and atomic blocks around it. */
  readonly chain: readonly Stmt[];
}

/** One inlined function, or a thread's own text. */
export interface Frame {
  readonly name: string;
  readonly fn: Fn | null;
  readonly file: string;
  readonly library: boolean;
  readonly parent: SiteIdx;
  readonly up: Frame | null;
  readonly depth: number;
  readonly inEntry: boolean;
  /** Scopes, the innermost last; each with the registers to free at its end. */
  readonly scopes: {
    readonly names: Map<string, Local>;
    readonly registers: number[];
    readonly records: LocalRecord[];
  }[];
  readonly returns: TypeName;
  readonly returnLabel: number;
  /** Where results go: a register (two for a range), -1 when nobody wants them. */
  readonly result: number;
  readonly labels: Map<string, LabelInfo>;
  /** Iterator loops and atomic blocks around the current statement. */
  chain: Stmt[];
  readonly loops: { readonly brk: number; readonly cont: number; readonly chain: readonly Stmt[] }[];
  readonly areas: ReadonlyMap<string, AreaGroup> | null;
  /** Clock of the emitter when the frame began. */
  readonly began: number;
  /** NOP that may initialise the frame's implied locals. */
  readonly zeroed: number[];
  /** Index of the last step that the current statement emitted itself, or -1. */
  lastStep: number;
  site: SiteIdx;
  /** Threads of the group whose own text this is; 0 elsewhere. */
  readonly threads: number;
}

/** What code may contain where it stands: steps, or only looks. */
export type Mode = 'code' | 'cost' | 'wait' | 'property' | 'ghost';

/** The type of a value: a type name, 'void', 'null' for NULL, '?' after an error. */
export function typeOf(v: Value): TypeName {
  if (v.kind === 'bad') return '?';
  return v.kind === 'const' || v.kind === 'reg' ? v.type : v.kind;
}

/** How messages call a type. */
export function typeText(type: TypeName): string {
  return type === 'null' ? 'NULL' : type === 'void' ? 'nothing' : type;
}

/** A type with its article. */
export function aType(type: TypeName): string {
  const text = typeText(type);
  return text === 'NULL' || text === 'nothing' ? text : `${/^[aeiou]/.test(text) ? 'an' : 'a'} ${text}`;
}

/** True when a value of this kind may stand where `want` is expected. NULL and 0 stand for any object. */
export function accepts(want: TypeName, v: Value): boolean {
  const got = typeOf(v);
  if (got === '?' || want === '?' || got === want) return true;
  if (want === 'null') return got !== 'range' && got !== 'void';
  const object = want !== 'int' && want !== 'range' && want !== 'void';
  return object && v.kind === 'const' && v.value === 0 && (got === 'null' || got === 'int');
}

export const ZERO: Scalar = { kind: 'const', type: 'int', value: 0 };
