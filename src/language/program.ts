import type { LockMeta, Ns, Site, SiteIdx } from '../event/index.ts';
import type { TypeName } from './vocabulary.ts';

/** A place in a text; lines and columns from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** An error or warning about a text. `nearest` is the known name that comes closest to an unknown one. */
export interface Diagnostic extends Place {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly nearest?: string;
}

/** A named value of a scope, alive for program counters [from, to). */
export interface LocalInfo {
  readonly name: string;
  readonly type: TypeName;
  readonly register: number;
  /** The call whose function it belongs to: a frame's `Site.parent`; 0 in a thread's own text. */
  readonly frame: SiteIdx;
  readonly from: number;
  readonly to: number;
}

/** Code shared by the threads of one `thread` declaration. */
export interface Template {
  readonly name: string;
  readonly entry: number;
  readonly locals: readonly LocalInfo[];
  /** Initial value of every register (constants in place). Length: Program.registers. */
  readonly init: Float64Array;
}

export interface ThreadPlan {
  /** 'unmapper', or 'faulter 3' in a group. */
  readonly name: string;
  readonly template: number;
  /** Place in its group, from 0. */
  readonly index: number;
  readonly cpu: number | null;
  readonly process: number;
  readonly daemon: boolean;
}

export interface AreaPlan {
  readonly name: string;
  readonly startByte: number;
  readonly bytes: number;
  readonly flags: readonly string[];
}

export interface ProcessPlan {
  readonly name: string;
  readonly areas: readonly AreaPlan[];
}

export type Expectation =
  | { readonly outcome: 'pass' | 'deadlock' | 'stuck' | 'limit' }
  | { readonly outcome: 'violation'; readonly invariant: string };

export interface ScenarioPlan {
  readonly name: string;
  readonly title: string;
  readonly expect: Expectation | null;
  readonly extentNs: Ns;
  readonly processes: readonly ProcessPlan[];
  readonly threads: readonly ThreadPlan[];
  /** Turns that fix the interleaving, in order; empty where nothing does. */
  readonly schedule: readonly TurnPlan[];
  readonly numbers: readonly Parameter[];
  readonly knobs: readonly Parameter[];
}

/** One turn of a schedule: only this thread executes steps until it ends. */
export interface TurnPlan {
  /** Index into `ScenarioPlan.threads`. */
  readonly thread: number;
  /** Operand of the MARK at which the turn ends; -1: the turn ends with its thread. */
  readonly mark: number;
  /** The how-manieth MARK of the turn ends it, from 1. */
  readonly times: number;
  readonly place: Place;
}

/** A number or knob with the help of its declaration. */
export interface Parameter {
  readonly name: string;
  /** In force. */
  readonly value: number;
  /** What it is where nothing is overridden. */
  readonly given: number;
  readonly help: string;
}

/** A document-level property, evaluated on a scratch register file of `Program.registers` values. */
export interface PropertyCode {
  readonly kind: 'invariant' | 'reachable' | 'progress';
  readonly name: string;
  readonly sentence: string;
  readonly entry: number;
  readonly init: Float64Array;
  readonly place: Place;
}

export interface SharedVar {
  readonly name: string;
  /** First slot of the shared-variable array. */
  readonly slot: number;
  readonly length: number;
  readonly initial: number;
  readonly ghost: boolean;
}

/** What the compiler makes of a scenario: everything an engine needs to run it and a page needs to show it. */
export interface Program {
  /** Words of Code instructions. */
  readonly code: Int32Array;
  /** Site of every instruction: index into `sites`. Length: instructions. */
  readonly siteOf: Uint32Array;
  readonly sites: readonly Site[];
  /** Registers of one thread. */
  readonly registers: number;
  readonly templates: readonly Template[];
  readonly properties: readonly PropertyCode[];
  readonly shared: readonly SharedVar[];
  readonly sharedSlots: number;
  readonly locks: readonly LockMeta[];
  /** Interned strings by table: 'syscall', 'phase', 'counter'. Index 0 of each is ''. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly scenario: ScenarioPlan;
  /** Functions that the document brought itself, in place of a catalogue's. */
  readonly custom: readonly string[];
  /** Text of every file that sites refer to, for the code view. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Line-bound notes of a text: `//:` narrates, `//?` asks. Keys are line numbers from 1. */
export interface LineNotes {
  readonly narration: Readonly<Record<number, string>>;
  readonly question: Readonly<Record<number, string>>;
}

export type { SiteIdx };
