import { PLAYHEAD_KEYS, VIEW_KEYS } from '../panels/help.tsx';
import { keysIn } from './tip.ts';

/** What a key of the help's table does, word for word: a line that changes there must change its tooltip. */
export type Meaning = (typeof PLAYHEAD_KEYS)[number][1] | 'this help';

/** The keys that the help names for something, in its order. */
export function keysOf(meaning: Meaning): readonly string[] {
  const line = [...PLAYHEAD_KEYS, ...VIEW_KEYS].find(([, does]) => does === meaning);
  return line === undefined ? [] : keysIn(line[0]);
}

/** One of the two keys of a line that has one for each direction. */
export function keyOf(meaning: Meaning, which: 0 | 1): readonly string[] {
  return keysOf(meaning).slice(which, which + 1);
}
