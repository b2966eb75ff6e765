import type { Document, Expr, FunctionItem } from '../ast.ts';
import type { TypeName } from '../vocabulary.ts';
import type { At } from './report.ts';

/** A document with the name by which messages call it. */
export interface Source {
  readonly file: string;
  readonly document: Document;
  readonly text: string;
  /** Of a library document: its functions take the place of those of the documents before it. */
  readonly replaces?: boolean;
}

/** A declared name whose value is known when a scenario is compiled. */
export interface ConstantGlobal {
  readonly kind: 'constant';
  readonly what: 'knob' | 'number' | 'constant';
  readonly name: string;
  readonly file: string;
  readonly at: At;
  readonly help: string;
  /** Absent: the previous member of the enum plus one. */
  readonly expr: Expr | null;
  readonly previous: ConstantGlobal | null;
  value: number | null;
  /** The value without overrides, once there is a value. */
  given: number;
  state: 'new' | 'open' | 'done';
}
export interface SharedGlobal {
  readonly kind: 'shared';
  readonly name: string;
  readonly file: string;
  readonly at: At;
  readonly ghost: boolean;
  readonly array: boolean;
  readonly length: number;
  readonly slot: number;
  readonly initial: number;
}
export interface LockGlobal {
  readonly kind: 'lock';
  readonly name: string;
  readonly file: string;
  readonly at: At;
  readonly type: TypeName;
  readonly index: number;
}
export type Global = ConstantGlobal | SharedGlobal | LockGlobal;

export interface Fn {
  readonly item: FunctionItem;
  readonly file: string;
  readonly library: boolean;
}
