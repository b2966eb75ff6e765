import type { ReactNode } from 'react';
import { useApp } from '../app-store.ts';
import { useParts } from '../late.ts';
import { TIMELINE_KEY_HELP } from '../timeline/keys.ts';

type Lines = readonly (readonly [string, string])[];

export const PLAYHEAD_KEYS = [
  ['Space', 'play or pause'],
  [',  .', 'one step back or forward'],
  ['Shift , .', 'one step of the selected thread'],
  ['Home End', 'to the start or the end'],
  ['+ −', 'faster or slower'],
  ['c  Shift c', 'next or previous contention'],
  ['v  Shift v', 'next or previous violation'],
  ['b  Shift b', 'next or previous time the thread blocks'],
  ['r', 'run until a contention, a line, …'],
  ['/  Ctrl k', 'find a thread, lock, function or line'],
  ['Esc', 'stop a search; put a measured span away, then a filter'],
] as const satisfies Lines;

export const VIEW_KEYS: Lines = [
  ['j k', 'select the next or previous thread'],
  ['w s  ↑ ↓', 'zoom in or out'],
  ['a d  ← →', 'move left or right'],
  ['0', 'show everything'],
  ...TIMELINE_KEY_HELP.filter(([keys]) => keys !== 'Esc'),
  ['?', 'this help'],
];

/** The help, once it is asked for. Its tables are here because tooltips name their keys too. */
export function Help(): ReactNode {
  const open = useApp((s) => s.helpOpen);
  const parts = useParts(open);
  return open && parts !== null ? <parts.HelpDialog /> : null;
}
