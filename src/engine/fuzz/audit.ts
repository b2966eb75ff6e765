import type { Engine } from '../engine.ts';
import { auditCpus, auditQueue, auditSchedule } from './audit-cpus.ts';
import { auditFiles } from './audit-files.ts';
import { auditLocks } from './audit-locks.ts';
import { auditPages, auditVmas, auditZones } from './audit-memory.ts';

/** Sentences of one audit, at most. */
const MOST = 20;

/**
 * What is wrong with a world between two steps, in sentences; empty when all is well. It reads the columns alone and
 * changes nothing.
 */
export function audit(e: Engine): string[] {
  const problems: string[] = [];
  const complain = (what: string): void => {
    if (problems.length < MOST) problems.push(what);
  };
  e.settle();
  auditQueue(e, complain);
  auditCpus(e, complain);
  auditSchedule(e, complain);
  auditLocks(e, complain);
  auditVmas(e, complain);
  auditFiles(e, complain);
  // Once an account is broken the run has said so, and the sums say no more.
  if (e.w.run[3] === 0) auditPages(e, complain);
  if (e.w.run[3] === 0 && e.zones !== null) auditZones(e, e.zones, complain);
  return problems;
}
