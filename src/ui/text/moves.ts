import { objectLabel, type TraceMeta } from '../../event/index.ts';
import type { AppState, DeadEnd } from '../../store/index.ts';
import { threadName } from './why.ts';

type Move = DeadEnd['move'];
type Condition = Extract<Move, { to: 'until' }>['condition'];

/** 'contention of mmap_sem', 'time that faulter 3 blocks'. */
function conditionText(condition: Condition, meta: TraceMeta): string {
  switch (condition.on) {
    case 'contended':
      return condition.lock === undefined
        ? 'contention'
        : `contention of ${objectLabel(condition.lock, meta)}`;
    case 'blocks':
      return `time ${condition.thread === undefined ? 'a thread' : threadName(condition.thread, meta)} blocks`;
    case 'line': {
      const who = condition.thread === undefined ? 'a thread' : threadName(condition.thread, meta);
      return `time ${who} comes to ${condition.file}:${condition.line}`;
    }
    case 'breaks':
      return condition.invariant === undefined
        ? 'violation'
        : `break of ${objectLabel(condition.invariant, meta)}`;
  }
}

/** What a move looks for; null for one that names its place. */
function sought(move: Move, meta: TraceMeta): string | null {
  switch (move.to) {
    case 'step':
      return move.thread === undefined ? 'event' : `event of ${threadName(move.thread, meta)}`;
    case 'contention':
      return conditionText(
        move.lock === undefined ? { on: 'contended' } : { on: 'contended', lock: move.lock },
        meta,
      );
    case 'violation':
      return conditionText({ on: 'breaks' }, meta);
    case 'until':
      return conditionText(move.condition, meta);
    default:
      return null;
  }
}

/** 'looking for the next violation', 'waiting for the next violation'. */
export function searchText(move: Move, waiting: boolean, meta: TraceMeta): string {
  const what = sought(move, meta);
  if (what === null) return 'on the way';
  return `${waiting ? 'waiting' : 'looking'} for the ${'by' in move && move.by === -1 ? 'previous' : 'next'} ${what}`;
}

/** Why a move led nowhere, for people; empty where they chose so themselves. */
export function deadEndText({ move, why }: DeadEnd, meta: TraceMeta): string {
  const what = sought(move, meta);
  if (what === null || why === 'cancelled') return '';
  if ('by' in move && move.by === -1) return `no earlier ${what}`;
  return why === 'paused' ? `no further ${what} before the run was paused` : `no further ${what}`;
}

/** What the page says about moves: the search under way, or why the last move led nowhere; empty if neither. */
export function moveText(state: Pick<AppState, 'info' | 'asked' | 'searching' | 'deadEnd'>): string {
  const { info, asked, searching, deadEnd } = state;
  if (info === null) return '';
  if (searching !== null && asked !== null) return searchText(asked, searching.waiting, info.meta);
  return deadEnd === null ? '' : deadEndText(deadEnd, info.meta);
}
