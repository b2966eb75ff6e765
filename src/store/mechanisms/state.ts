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
  /** The lock that a scheme of faults brings, as everybody holds it; of a scheme that brings none, the process-wide one. */
  | 'of-scheme'
  /** The process-wide lock, or the locks that have its place, as everybody holds them. */
  | 'process-wide'
  /** Locks that the scenario declares, or that the allocator brings. */
  | 'named';

/** How a mechanism is measured. */
export interface Measuring {
  readonly scenario: string;
  readonly set: Readonly<Record<string, string>>;
  readonly operation: Operation;
  readonly held: HeldLock;
  /** What runs, in words. */
  readonly what: string;
  /** How the run of this one mechanism differs from that of its kind, in words. */
  readonly but?: string;
}

/** Holds in one mode. */
export interface HoldFigures {
  readonly count: number;
  readonly longestNs: Ns;
  /** All holds together by the number of operations. */
  readonly perOperationNs: Ns;
}

/** What was measured of the locks of one name; null where there was no such thing. */
export interface LockFigures {
  /** 'mmap_sem', 'per-VMA locks'. */
  readonly name: string;
  /** False of mmap_sem under a scheme that brings a lock of its own, and falls back to this one. */
  readonly own: boolean;
  readonly write: HoldFigures | null;
  readonly read: HoldFigures | null;
  /** Longest wait of anybody for one of them, in either mode. */
  readonly waitNs: Ns | null;
  readonly waitMode: 'write' | 'read' | null;
  /** Grants to anybody, in both modes. */
  readonly acquired: number;
}

/** What was measured of a mechanism; null where there was no such thing. */
export interface MechanismFigures {
  /** Those that were taken; the mechanism's own first, each time those held for longest in all. */
  readonly locks: readonly LockFigures[];
  /** That of the mechanism's own with the longest hold for writing, and for reading. */
  readonly longestWrite: LockFigures | null;
  readonly longestRead: LockFigures | null;
  /** That of all with the longest wait. */
  readonly longestWait: LockFigures | null;
  /** Faults that had to begin again under mmap_sem. */
  readonly aborts: number;
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
