import { NO_THREAD, type Ns, type ObjectId, objectLabel, type TraceMeta } from '../../event/index.ts';
import type { StoryHold, WaitStory } from '../../trace/index.ts';
import { counted, times } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { hasModes } from '../text/why.ts';

/** A piece of a sentence: words, or a thread, time or line that leads there. */
export type Word = string | { readonly thread: number } | { readonly t: Ns } | { readonly site: number };

export type Sentence = readonly Word[];

/** Who acts where no thread does. */
function who(thread: number): Word {
  return thread === NO_THREAD ? 'the machine' : { thread };
}

function at(site: number): Word[] {
  return site === 0 ? [] : [' at ', { site }];
}

/** 'to read mmap_sem', 'for m'. */
export function wanted(lock: ObjectId, write: boolean, meta: TraceMeta): string {
  const label = objectLabel(lock, meta);
  return hasModes(lock, meta) ? `to ${write ? 'write' : 'read'} ${label}` : `for ${label}`;
}

/** 'a, b and c' of parts that are sentences themselves. */
function list(parts: readonly Sentence[]): Word[] {
  return parts.flatMap((part, i) => {
    if (i === 0) return part;
    return [i === parts.length - 1 ? ' and ' : ', ', ...part];
  });
}

/** The parts of a wait that lasted, such as '4.0 µs spinning, 412 ms asleep'. */
function spent({ spinNs, sleepNs, runnableNs, otherNs }: WaitStory): string {
  const parts = (
    [
      [spinNs, 'spinning'],
      [sleepNs, 'asleep'],
      [runnableNs, 'runnable'],
      [otherNs, 'otherwise'],
    ] as const
  ).flatMap(([ns, what]) => (ns > 0 ? [`${duration(ns)} ${what}`] : []));
  return parts.join(', ');
}

function asked(story: WaitStory, meta: TraceMeta): Sentence {
  const { thread, lock, write, site, sinceNs, untilNs, end } = story;
  const how = spent(story);
  const length = duration(untilNs - sinceNs);
  return [
    { thread },
    ` asked ${wanted(lock, write, meta)}`,
    ...at(site),
    ', at ',
    { t: sinceNs },
    end === 'waiting' ? `, and has waited ${length} as far as is recorded` : `, and waited ${length}`,
    how === '' ? '.' : `: ${how}.`,
  ];
}

function stood(story: WaitStory, meta: TraceMeta): Sentence {
  const { ahead, aheadCount, lock } = story;
  if (aheadCount === 0) return ['Nobody was ahead of it.'];
  const modes = hasModes(lock, meta);
  const shown = ahead.slice(0, 3).map((w): Word[] => {
    const mode = modes ? ` (${w.write ? 'write' : 'read'}${w.queued ? '' : ', spinning'})` : '';
    return [{ thread: w.thread }, mode];
  });
  const rest = aheadCount - shown.length;
  const parts = rest > 0 ? [...shown, [`${counted(rest, 'other')}`]] : shown;
  return ['Ahead of it in the queue: ', ...list(parts), '.'];
}

function held(story: WaitStory, meta: TraceMeta): Sentence {
  const { holdCount, holders, heldNs, freeNs, lock } = story;
  if (onlyBegun(story)) return ['The wait has only begun.'];
  const label = objectLabel(lock, meta);
  const free = freeNs > 0 ? ` It was free for ${duration(freeNs)}.` : '';
  if (holdCount === 0 || heldNs === 0) return [`Nobody held ${label} meanwhile.`];
  if (holdCount === 1) return [`One hold kept it from ${label}, for ${duration(heldNs)}.${free}`];
  const by = holders === 1 ? 'one thread' : counted(holders, 'thread');
  return [`${label} was held ${times(holdCount)} meanwhile, by ${by}, ${duration(heldNs)} in all.${free}`];
}

function passed(story: WaitStory): Sentence[] {
  const { steals, stealCount } = story;
  if (stealCount === 0) return [];
  const shown = steals.slice(0, 2).map((s): Word[] => [{ thread: s.thread }, ' at ', { t: s.atNs }]);
  const rest = stealCount - shown.length;
  const parts = rest > 0 ? [...shown, [`${counted(rest, 'time')} more`]] : shown;
  return [[`It was passed ${times(stealCount)} while it queued: by `, ...list(parts), '.']];
}

function ended(story: WaitStory, meta: TraceMeta): Sentence[] {
  const { end, untilNs, grantedNs, handedOver, releasedBy, wokenBy, wakeCount, lock } = story;
  const label = objectLabel(lock, meta);
  if (end === 'gave up') return [['It gave up at ', { t: untilNs }, '.']];
  const sentences: Sentence[] = [];
  if (releasedBy !== null) {
    const verb = handedOver ? ` handed ${label} on` : ` let go of ${label}`;
    sentences.push([
      who(releasedBy.thread),
      verb,
      ...at(releasedBy.site),
      ', at ',
      { t: releasedBy.atNs },
      '.',
    ]);
  }
  if (wokenBy !== null) {
    const vain = wakeCount > 1 ? `, the ${end === 'got' ? 'last' : 'latest'} of ${wakeCount} times` : '';
    sentences.push([
      who(wokenBy.thread),
      ' woke it',
      ...at(wokenBy.site),
      ', at ',
      { t: wokenBy.atNs },
      `${vain}.`,
    ]);
  }
  if (end === 'waiting') {
    sentences.push([
      grantedNs === null ? 'It does not own the lock yet.' : 'The lock is its own, but it has not run yet.',
    ]);
  } else if (grantedNs !== null && untilNs > grantedNs) {
    sentences.push([
      'The lock was its own from ',
      { t: grantedNs },
      `, and it ran with it ${duration(untilNs - grantedNs)} later.`,
    ]);
  } else sentences.push(['It went on with the lock at ', { t: untilNs }, '.']);
  return sentences;
}

/** A wait, from the request to the end, in sentences. */
export function tell(story: WaitStory, meta: TraceMeta): Sentence[] {
  return [asked(story, meta), stood(story, meta), held(story, meta), ...passed(story), ...ended(story, meta)];
}

/** Nothing is recorded of the wait but that it was asked for. */
export function onlyBegun({ end, sinceNs, untilNs }: WaitStory): boolean {
  return end === 'waiting' && untilNs <= sinceNs;
}

/** The part of a hold within the wait. */
function lastedIn({ ranNs, spunNs, blockedNs, runnableNs, idleNs }: StoryHold): Ns {
  return ranNs + spunNs + blockedNs + runnableNs + idleNs;
}

/** Holds that kept the lock from a wait: not those that ended as it began, or began as it ended. */
export function holdsDuring(story: WaitStory): readonly StoryHold[] {
  if (onlyBegun(story)) return story.holds.filter(({ released }) => !released);
  return story.holds.filter((hold) => lastedIn(hold) > 0);
}

/** What a holder of `holdsDuring` did in a wait, such as 'ran 4.0 s, slept for m 12 ms'. */
export function meanwhile(hold: StoryHold, meta: TraceMeta): string {
  const { ranNs, spunNs, blockedNs, runnableNs, idleNs, blockedOn } = hold;
  const lock = blockedOn === 0 ? 'a lock' : objectLabel(blockedOn, meta);
  const parts = (
    [
      [ranNs, 'ran'],
      [spunNs, `spun for ${lock}`],
      [blockedNs, `slept for ${lock}`],
      [runnableNs, 'wanted a CPU'],
      [idleNs, 'slept'],
    ] as const
  )
    .filter(([ns]) => ns > 0)
    .sort(([a], [b]) => b - a);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return `${only[1]} all the time`;
  return parts.map(([ns, what]) => `${what} ${duration(ns)}`).join(', ');
}

/** A sentence without its links. */
export function plain(
  sentence: Sentence,
  meta: TraceMeta,
  place: (word: { t: Ns } | { site: number }) => string,
): string {
  return sentence
    .map((word) => {
      if (typeof word === 'string') return word;
      return 'thread' in word ? (meta.threads[word.thread]?.name ?? `thread ${word.thread}`) : place(word);
    })
    .join('');
}
