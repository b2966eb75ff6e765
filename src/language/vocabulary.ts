/**
 * What a document may talk about beyond the language itself. The language room knows no Linux and no time: `kernel/ops.ts`
 * hands it one of these.
 */

/** A type of the document: 'int', 'range' (two registers: start, end), or a name from `Vocabulary.types`. */
export type TypeName = string;

export interface ParamSpec {
  readonly name: string;
  readonly type: TypeName;
  /** For type 'name': a string literal, interned in this table of `Program.names`; the index is passed. */
  readonly table?: string;
  /** May be left out; then 0 is passed (0, 0 for a range). Only trailing parameters. */
  readonly optional?: boolean;
}

export interface OpSpec {
  readonly name: string;
  readonly params: readonly ParamSpec[];
  /** 'void', 'int', 'range' or a type name. */
  readonly returns: TypeName;
  /**
   * 'step': touches shared state, one step of the thread. 'pure': depends on its arguments alone and changes nothing.
   * 'peek': reads shared state at no time and without being a step; only costs, conditions of wait_until, invariants
   * and ghost code may use it.
   */
  readonly kind: 'step' | 'pure' | 'peek';
  /** One sentence for the page and for error messages. */
  readonly help: string;
  /** Other spellings of the same operation. */
  readonly aliases?: readonly string[];
}

export interface FieldSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: TypeName;
  /** Name of the op that reads it: (object) -> value. For a lock it is 'pure' and yields the lock's handle. */
  readonly get: string;
  /** Name of the op that writes it: (object, value); absent for what cannot be assigned. */
  readonly set?: string;
}

export interface TypeSpec {
  readonly name: TypeName;
  /** C spellings that a declaration may use, without the star: 'struct vm_area_struct'. */
  readonly c: readonly string[];
  readonly fields: readonly FieldSpec[];
  readonly help: string;
  /** 'rwsem' | 'spinlock' | 'mutex' for types that a document may declare at its top level as a lock. */
  readonly lock?: 'rwsem' | 'spinlock' | 'mutex';
  /** Stands within other structures only, and like a lock is used by its address: a sequence count, a reference count. */
  readonly embedded?: true;
}

/** `for (x in NAME(args))`: x = first(args); while (x) { ...; x = next(args, x); } */
export interface IteratorSpec {
  readonly name: string;
  readonly params: readonly ParamSpec[];
  readonly element: TypeName;
  readonly first: string;
  readonly next: string;
  readonly help: string;
}

/** A value every thread finds in a fixed register. Register 0 is `index`: the thread's number in its group, from 0. */
export interface VariableSpec {
  readonly name: string;
  readonly type: TypeName;
  readonly register: number;
  readonly help: string;
}

/**
 * A function whose call from a thread's own text (not from inside another such function) crosses into the kernel: the
 * compiler emits op `enter` (name, a, b) before its body and `exit` (name, result) after it, where `name` is interned in
 * `table` and a, b are the first two argument registers (0 where there are none).
 */
export interface EntrySpec {
  readonly name: string;
  readonly enter: string;
  readonly exit: string;
  readonly table: string;
}

export interface Vocabulary {
  readonly types: readonly TypeSpec[];
  readonly ops: readonly OpSpec[];
  readonly iterators: readonly IteratorSpec[];
  readonly variables: readonly VariableSpec[];
  readonly constants: readonly { readonly name: string; readonly value: number; readonly help: string }[];
  readonly entries: readonly EntrySpec[];
  /** Names of costs that a machine preset prices, usable after `@` only. */
  readonly costs: readonly { readonly name: string; readonly help: string }[];
  /** Reserved keys of `set`: munmap, fault, mmapLock, alloc, machine, seed, grain. */
  readonly settings: readonly string[];
  /** Words allowed after an area's size (`populated`), with their help. */
  readonly areaFlags: readonly { readonly name: string; readonly help: string }[];
  /** Names of the invariants that the engine watches by itself, for `expect violation(NAME)`. */
  readonly invariants: readonly string[];
}
