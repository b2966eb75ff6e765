import { type ReactNode, useEffect } from 'react';
import type { TraceMeta } from '../../event/index.ts';
import { selectedThread, within } from '../../store/index.ts';
import type { LongestWaitReport, WaitStory } from '../../trace/index.ts';
import { app, useApp } from '../app-store.ts';
import { counted } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { hasModes, threadName } from '../text/why.ts';
import { Findings } from './findings.tsx';
import { holdsDuring, meanwhile, onlyBegun, tell, wanted } from './sentences.ts';
import { LineLink, ThreadWord, TimeLink, Words } from './words.tsx';

function Holds({ story, meta }: { readonly story: WaitStory; readonly meta: TraceMeta }): ReactNode {
  const holds = holdsDuring(story);
  const modes = hasModes(story.lock, meta);
  const untold = story.holdCount > story.holds.length;
  return (
    <div className="why-table">
      <table>
        <caption>
          {untold
            ? `Who held it meanwhile: the longest of ${counted(story.holdCount, 'hold')}`
            : 'Who held it meanwhile'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Holder</th>
            {modes && <th scope="col">Mode</th>}
            <th scope="col">Asked at</th>
            <th scope="col">From</th>
            <th scope="col" className="amount">
              For
            </th>
            <th scope="col">During the wait it</th>
          </tr>
        </thead>
        <tbody>
          {holds.map((hold) => (
            <tr key={`${hold.thread} ${hold.sinceNs} ${hold.write}`}>
              <th scope="row">
                <ThreadWord thread={hold.thread} meta={meta} />
              </th>
              {modes && <td>{hold.write ? 'write' : 'read'}</td>}
              <td>
                <LineLink site={hold.site} meta={meta} />
              </td>
              <td>
                <TimeLink t={hold.sinceNs} />
              </td>
              <td className="amount">
                {duration(hold.untilNs - hold.sinceNs)}
                {!hold.released && <span className="dim"> so far</span>}
              </td>
              <td>
                {onlyBegun(story) ? (
                  <span className="dim">the wait has only begun</span>
                ) : (
                  meanwhile(hold, meta)
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {holds.length === 0 && <p className="dim">Nobody did.</p>}
    </div>
  );
}

function Story({ story, meta }: { readonly story: WaitStory; readonly meta: TraceMeta }): ReactNode {
  return (
    <>
      <div className="why-story">
        <h2>
          Why {threadName(story.thread, meta)} {story.end === 'waiting' ? 'waits' : 'waited'}{' '}
          {wanted(story.lock, story.write, meta)}
        </h2>
        {tell(story, meta).map((sentence, i) => (
          // Sentences come in a fixed order and have no other name.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <p key={i}>
            <Words words={sentence} meta={meta} />
          </p>
        ))}
      </div>
      <Holds story={story} meta={meta} />
    </>
  );
}

/** The longest wait of all, for those who look at a thread that waits for nothing. */
function longestWait(
  report: ReturnType<typeof app>['report'],
): { max: LongestWaitReport; ns: number } | null {
  const waits = (report?.locks ?? [])
    .flatMap(({ read, write }) => [read.wait, write.wait])
    .flatMap(({ max, maxNs }) => (max === null || maxNs === null ? [] : [{ max, ns: maxNs }]));
  return waits.sort((a, b) => b.ns - a.ns)[0] ?? null;
}

function NoWait({ name }: { readonly name: string }): ReactNode {
  const longest = useApp((s) => s.report);
  const wait = longestWait(longest);
  return (
    <div className="why-story">
      <p>
        {name} waits for no lock at the playhead. A click on a hatched stretch of a lane tells of that wait.
      </p>
      {wait !== null && (
        <p>
          <button
            type="button"
            className="button small"
            onClick={() => {
              app().select(wait.max.thread);
              app().move({ to: 'time', t: within(wait.max.atNs, wait.ns) });
            }}
          >
            Longest wait: {wait.max.thread}, {duration(wait.ns)}
          </button>
        </p>
      )}
      {longest !== null && wait === null && <p className="dim">Nobody ever had to wait in this run.</p>}
    </div>
  );
}

/** Why the selected thread waits at the playhead, from its request to its end; and what was found in the run. */
export function StoryPanel(): ReactNode {
  const meta = useApp((s) => s.info?.meta ?? null);
  const thread = useApp(selectedThread);
  const t = useApp((s) => s.moment?.t ?? null);
  const playing = useApp((s) => s.playing);
  const recorded = useApp((s) => s.report);
  const story = useApp((s) => s.story);
  const pending = useApp((s) => s.storyPending);
  const of = useApp((s) => s.storyOf);
  // A wait that has no end yet is told again when more of the run is known, as the reports come.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!playing && thread >= 0 && t !== null) app().askStory(thread, t);
  }, [thread, t, playing, recorded]);
  if (meta === null) return null;
  const shown = story !== null && (pending || story.thread === thread) ? story : null;
  return (
    <div className="why-panel" aria-busy={pending}>
      <Findings meta={meta} />
      {shown !== null ? (
        <Story story={shown} meta={meta} />
      ) : (
        of !== null && !pending && thread >= 0 && <NoWait name={threadName(thread, meta)} />
      )}
    </div>
  );
}
