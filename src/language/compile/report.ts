import type { Diagnostic } from '../program.ts';
import { nearest } from '../text.ts';

/** Ends a compilation that would take too much; the reason is already reported. */
export class Stop extends Error {}

const MAX_DIAGNOSTICS = 100;

/** Collects diagnostics: each once (an inlined function is compiled many times), a hundred at most. */
export class Reporter {
  readonly diagnostics: Diagnostic[] = [];
  private readonly seen = new Set<string>();

  private add(severity: Diagnostic['severity'], file: string, at: At, message: string, near?: string): void {
    const key = `${file}:${at.line}:${at.col}:${message}`;
    if (this.seen.has(key) || this.diagnostics.length >= MAX_DIAGNOSTICS) return;
    this.seen.add(key);
    const base = { severity, file, line: at.line, col: at.col, message };
    this.diagnostics.push(near === undefined ? base : { ...base, nearest: near });
  }

  error(file: string, at: At, message: string): void {
    this.add('error', file, at, message);
  }

  warning(file: string, at: At, message: string): void {
    this.add('warning', file, at, message);
  }

  /** `unknown WHAT 'NAME'`, with the nearest of the names that would be known there. */
  unknown(file: string, at: At, what: string, name: string, known: Names): void {
    // The search for the nearest name is not free: once per place, and not when nobody would see it.
    const key = `${file}:${at.line}:${at.col}:${what}:${name}`;
    if (this.seen.has(key) || this.diagnostics.length >= MAX_DIAGNOSTICS) return;
    this.seen.add(key);
    const near = nearest(name, typeof known === 'function' ? known() : known);
    const hint = near === undefined ? '' : `; nearest: ${near}`;
    this.add('error', file, at, `unknown ${what} '${name}'${hint}`, near);
  }

  get failed(): boolean {
    return this.diagnostics.some((d) => d.severity === 'error');
  }
}

/** Names that would be known, or how to list them. */
export type Names = Iterable<string> | (() => Iterable<string>);

/** Where a message points to. */
export interface At {
  readonly line: number;
  readonly col: number;
}
