/**
 * The syntax tree. Every node knows its place (line and column from 1) and its span in the text (`from`, `to`: offsets);
 * `equalDocuments` ignores both. Names are not resolved here: the parser knows no vocabulary.
 */

export interface Span {
  readonly line: number;
  readonly col: number;
  readonly from: number;
  readonly to: number;
  readonly endLine: number;
}

export interface Comment extends Span {
  /** As written, with its marks: a line comment or a block comment. */
  readonly text: string;
  /** No token stands before it on its line. */
  readonly ownLine: boolean;
}

interface ExprBase extends Span {
  /** Written in parentheses; equality ignores it, the formatter keeps it. */
  readonly paren?: boolean;
  /** Height of the tree below, for the bound on nesting. */
  readonly height: number;
}

export type UnaryOp = '!' | '~' | '-' | '&';
export type BinaryOp =
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | '&'
  | '^'
  | '|'
  | '&&'
  | '||';

export type Expr =
  | (ExprBase & { readonly kind: 'number'; readonly value: number; readonly text: string })
  | (ExprBase & { readonly kind: 'string'; readonly value: string })
  | (ExprBase & { readonly kind: 'name'; readonly name: string })
  | (ExprBase & { readonly kind: 'unary'; readonly op: UnaryOp; readonly arg: Expr })
  | (ExprBase & { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr })
  | (ExprBase & { readonly kind: 'cond'; readonly test: Expr; readonly yes: Expr; readonly no: Expr })
  | (ExprBase & { readonly kind: 'call'; readonly callee: string; readonly args: readonly Expr[] })
  | (ExprBase & {
      readonly kind: 'field';
      readonly object: Expr;
      readonly name: string;
      readonly arrow: boolean;
    })
  | (ExprBase & { readonly kind: 'index'; readonly object: Expr; readonly index: Expr });
export type ExprKind = Expr['kind'];

export type Cost = Span &
  (
    | { readonly kind: 'fixed'; readonly value: Expr }
    | { readonly kind: 'uniform'; readonly low: Expr; readonly high: Expr }
    | { readonly kind: 'exp'; readonly mean: Expr }
  );

/** A type as written: 'int', 'unsigned long', 'struct vm_area_struct'; `pointer` when a star follows. */
export interface TypeRef extends Span {
  readonly name: string;
}

export interface Declarator extends Span {
  readonly name: string;
  readonly pointer: boolean;
  readonly init?: Expr;
}

export type AssignOp = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '|=' | '&=' | '^=' | '<<=' | '>>=';

interface StmtBase extends Span {
  readonly cost?: Cost;
}

export type Assign = StmtBase & {
  readonly kind: 'assign';
  readonly target: Expr;
  readonly op: AssignOp;
  readonly value: Expr;
  /** Written as ++ or --. */
  readonly step?: boolean;
};
export type Block = StmtBase & { readonly kind: 'block'; readonly body: readonly Stmt[] };
export type ForIn = StmtBase & {
  readonly kind: 'forin';
  readonly name: string;
  readonly iterator: string;
  readonly args: readonly Expr[];
  readonly iteratorAt: Span;
  readonly body: Stmt;
};
export type Declare = StmtBase & {
  readonly kind: 'declare';
  readonly type: TypeRef;
  readonly names: readonly Declarator[];
};

export type Stmt =
  | Assign
  | Block
  | ForIn
  | Declare
  | (StmtBase & { readonly kind: 'empty' })
  | (StmtBase & { readonly kind: 'expr'; readonly value: Expr })
  | (StmtBase & { readonly kind: 'if'; readonly test: Expr; readonly yes: Stmt; readonly no?: Stmt })
  | (StmtBase & { readonly kind: 'while'; readonly test: Expr; readonly body: Stmt })
  | (StmtBase & { readonly kind: 'dowhile'; readonly body: Stmt; readonly test: Expr })
  | (StmtBase & {
      readonly kind: 'for';
      readonly init?: Stmt;
      readonly test?: Expr;
      readonly next?: Stmt;
      readonly body: Stmt;
    })
  | (StmtBase & { readonly kind: 'goto'; readonly label: string })
  | (StmtBase & { readonly kind: 'label'; readonly name: string })
  | (StmtBase & { readonly kind: 'return'; readonly value?: Expr })
  | (StmtBase & { readonly kind: 'break' })
  | (StmtBase & { readonly kind: 'continue' })
  | (StmtBase & { readonly kind: 'wait'; readonly test: Expr })
  | (StmtBase & { readonly kind: 'atomic'; readonly body: Block })
  | (StmtBase & { readonly kind: 'ghost'; readonly assign: Assign });

export interface Param extends Span {
  readonly type: TypeRef;
  readonly pointer: boolean;
  readonly name: string;
}

export type FunctionItem = Span & {
  readonly kind: 'function';
  readonly type: TypeRef;
  readonly pointer: boolean;
  readonly name: string;
  readonly params: readonly Param[];
  readonly body: Block;
};
export type KnobItem = Span & {
  readonly kind: 'knob';
  readonly name: string;
  readonly value: Expr;
  readonly help: string;
};
export type NumberItem = Span & {
  readonly kind: 'number';
  readonly name: string;
  readonly value: Expr;
  readonly help: string;
};
export type SharedItem = Span & {
  readonly kind: 'shared';
  readonly ghost: boolean;
  readonly type: TypeRef;
  readonly name: string;
  readonly length?: Expr;
  readonly init?: Expr;
};
export type EnumItem = Span & {
  readonly kind: 'enum';
  readonly name: string;
  readonly members: readonly (Span & { readonly name: string; readonly value?: Expr })[];
};
export type ConstItem = Span & { readonly kind: 'const'; readonly name: string; readonly value: Expr };
export type LockItem = Span & { readonly kind: 'lock'; readonly type: TypeRef; readonly name: string };
export type PropertyItem = Span & {
  readonly kind: 'property';
  readonly property: 'invariant' | 'reachable' | 'progress';
  readonly name: string;
  readonly sentence: string;
  readonly value: Expr;
};

export type SetItem = Span & { readonly kind: 'set'; readonly key: string; readonly value: string };
export type ExtentItem = Span & { readonly kind: 'extent'; readonly value: Expr };
export type AreaItem = Span & {
  readonly kind: 'area';
  readonly name: string;
  readonly count?: Expr;
  readonly size: Expr;
  readonly flags: readonly string[];
};
export type ThreadItem = Span & {
  readonly kind: 'thread';
  readonly daemon: boolean;
  readonly name: string;
  readonly count?: Expr;
  readonly process?: string;
  readonly cpu?: Expr;
  readonly body: Block;
};
export type ProcessItem = Span & {
  readonly kind: 'process';
  readonly name: string;
  readonly count?: Expr;
  readonly items: readonly (AreaItem | ThreadItem)[];
};
export type TurnItem = Span & {
  readonly thread: string;
  /** Its numbers in groups of processes and threads, as in `faulter[3]`. */
  readonly index: readonly Expr[];
  /** A label, or end; absent: to its end. */
  readonly until?: string;
  /** The how-manieth time that it comes to the label. */
  readonly times?: Expr;
};
export type ScheduleItem = Span & { readonly kind: 'schedule'; readonly turns: readonly TurnItem[] };
export type ScenarioPart =
  | SetItem
  | NumberItem
  | ExtentItem
  | AreaItem
  | ThreadItem
  | ProcessItem
  | ScheduleItem;

export type ScenarioItem = Span & {
  readonly kind: 'scenario';
  readonly name: string;
  readonly title: string;
  /** 'pass', 'deadlock', 'stuck', 'limit', 'violation' or absent. */
  readonly expect?: Span & { readonly outcome: string; readonly invariant?: string };
  readonly items: readonly ScenarioPart[];
};

export type Item =
  | FunctionItem
  | KnobItem
  | NumberItem
  | SharedItem
  | EnumItem
  | ConstItem
  | LockItem
  | PropertyItem
  | ScenarioItem;

export interface Document {
  readonly file: string;
  readonly items: readonly Item[];
  readonly comments: readonly Comment[];
}
