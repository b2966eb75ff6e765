import type { Ns } from '../../event/index.ts';
import type { Run } from '../../evidence/figure.ts';
import type { CatalogueRecord, StrategyKind } from '../../kernel/catalogue.ts';
import type { Column } from './columns.ts';

/** How the table is shown; all of it is in its link. */
export interface MechanismsView {
  /** Null: the order of the catalogue. */
  readonly sort: Column | null;
  readonly descending: boolean;
  /** Null: all kinds. */
  readonly kind: StrategyKind | null;
  /** A part of the table for each kind. */
  readonly grouped: boolean;
  /** Rows whose details are open, by key. */
  readonly open: readonly string[];
}

/** A run of the gallery that a link opens, and what it is to the mechanism. */
export interface ScenarioLink {
  readonly id: string;
  readonly title: string;
  /** 'set': chosen by the scenario itself; 'default': in force because nothing else is said. */
  readonly use: 'risk' | 'win' | 'set' | 'default';
}

/** A row of the table, before anything is measured. */
export interface Mechanism {
  /** Names the row in links: 'munmap.chunked'. */
  readonly key: string;
  readonly record: CatalogueRecord;
  /** Risk scenarios first, then those that it wins, those that choose it, and those that have it by default. */
  readonly scenarios: readonly ScenarioLink[];
  readonly measuring: Measuring;
  /** The run that measures it. */
  readonly run: Run & { readonly kind: 'run' };
}

/** What is counted as one operation of a mechanism, and what is told of its length. */
export type Operation =
  /** A system call; the middle one of all. */
  | { readonly kind: 'syscall'; readonly name: string }
  | { readonly kind: 'fault' }
  /** One acquisition of the lock after the other: the run's length by their number. */
  | { readonly kind: 'turn' };

/** Which holds the columns are about. */
export type HeldLock =
  /** The process-wide lock, as the operation's own system calls hold it. */
  | 'of-operation'
  /** The process-wide lock, as everybody but the calls of munmap holds it. */
  | 'of-others'
  /** The process-wide lock, as everybody holds it. */
  | 'process-wide'
  /** Locks that the scenario declares, or that the allocator brings. */
  | 'named';

/** How the mechanisms of a kind are measured. */
export interface Measuring {
  readonly scenario: string;
  readonly set: Readonly<Record<string, string>>;
  readonly operation: Operation;
  readonly held: HeldLock;
  /** What runs, in words. */
  readonly what: string;
}

/** Holds in one mode. */
export interface HoldFigures {
  readonly count: number;
  /** Null where the report does not tell it apart from another's. */
  readonly longestNs: Ns | null;
  /** All holds together by the number of operations. */
  readonly perOperationNs: Ns;
}

/** What was measured of a mechanism; null where there was no such thing. */
export interface MechanismFigures {
  /** 'mmap_sem'; null where no such lock was taken. */
  readonly lock: string | null;
  readonly write: HoldFigures | null;
  readonly read: HoldFigures | null;
  /** Longest wait of anybody for the lock, in either mode. */
  readonly waitNs: Ns | null;
  readonly waitMode: 'write' | 'read' | null;
  /** Grants to anybody, in both modes. */
  readonly acquired: number;
  readonly operations: number;
  readonly operationNs: Ns | null;
  readonly longestOperationNs: Ns | null;
  readonly tables: {
    readonly acquired: number;
    readonly longestHoldNs: Ns;
    readonly waitNs: Ns | null;
  } | null;
  readonly simulatedNs: Ns;
}

/** What has become of a mechanism's run. */
export type MeasuredState =
  | { readonly state: 'missing' }
  /** `share`: how much of the run's extent is done, 0 to 1; null before it begins. */
  | { readonly state: 'waiting'; readonly share: number | null }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'there'; readonly figures: MechanismFigures };

export interface MechanismRow {
  readonly mechanism: Mechanism;
  readonly measured: MeasuredState;
}

/** Rows that stand together. */
export interface RowGroup {
  /** Null where the table is in one piece. */
  readonly kind: StrategyKind | null;
  readonly title: string;
  readonly rows: readonly MechanismRow[];
}
