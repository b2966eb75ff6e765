import type { ReactNode } from 'react';
import { playheadNs, selectedThread, shownRange } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { clockParts } from '../text/time.ts';
import { keyOf, keysOf } from '../tips/shortcuts.ts';
import { tip } from '../tips/tip.ts';
import { RunUntil } from './run-until.tsx';
import { Speed } from './speed.tsx';
import { Pair, Step } from './step.tsx';
import { Verdict } from './verdict.tsx';
import { Where } from './where.tsx';

function Clock(): ReactNode {
  const t = useApp(playheadNs);
  // In the unit of the axis, unless the playhead is far behind what is shown.
  const upTo = useApp((s) => Math.max(playheadNs(s), shownRange(s).to));
  const blank = useApp((s) => (s.info === null ? ' blank' : ''));
  const { whole, groups, unit } = clockParts(t, upTo);
  return (
    <span className={`clock${blank}`} role="timer" aria-label="Time at the playhead">
      {whole}
      {groups.length > 0 && '.'}
      {groups.map((group, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups are places of a number
        <span key={i} className={i === groups.length - 1 ? 'dim' : undefined}>
          {group}
        </span>
      ))}
      <span>{unit}</span>
    </span>
  );
}

/** Where the playhead is, and everything that moves it. */
export function Transport(): ReactNode {
  const playing = useApp((s) => s.playing);
  const off = useApp((s) => s.info === null || s.phase === 'building' || s.phase === 'failed');
  const thread = useApp(selectedThread);
  const { move, play, stop } = app();
  return (
    <div className="transport" role="toolbar" aria-label="Playhead">
      <div className="buttons">
        <Step
          name="To the start"
          keys={keyOf('to the start or the end', 0)}
          icon={icons.toStart}
          disabled={off}
          onClick={() => move({ to: 'start' })}
        />
        <Step
          name="Step back"
          keys={keyOf('one step back or forward', 0)}
          icon={icons.back}
          disabled={off}
          onClick={() => move({ to: 'step', by: -1 })}
        />
        <button
          type="button"
          className="button square primary"
          aria-label={playing ? 'Pause' : 'Play'}
          {...tip(playing ? 'Pause' : 'Play', keysOf('play or pause'))}
          disabled={off}
          onClick={() => (playing ? stop() : play())}
        >
          {playing ? icons.pause : icons.play}
        </button>
        <Step
          name="Step forward"
          keys={keyOf('one step back or forward', 1)}
          icon={icons.forward}
          disabled={off}
          onClick={() => move({ to: 'step', by: 1 })}
        />
        <Step
          name="To the end"
          keys={keyOf('to the start or the end', 1)}
          icon={icons.toEnd}
          disabled={off}
          onClick={() => move({ to: 'end' })}
        />
      </div>
      <Speed disabled={off} />
      <Pair
        what="event of the selected thread"
        back={keyOf('one step of the selected thread', 0)}
        on={keyOf('one step of the selected thread', 1)}
        icon={icons.thread}
        disabled={off || thread < 0}
        onGo={(by) => move({ to: 'step', by, thread })}
      />
      <Pair
        what="contention"
        back={keyOf('next or previous contention', 1)}
        on={keyOf('next or previous contention', 0)}
        icon={icons.contention}
        disabled={off}
        onGo={(by) => move({ to: 'contention', by })}
      />
      <Pair
        what="violation"
        back={keyOf('next or previous violation', 1)}
        on={keyOf('next or previous violation', 0)}
        icon={icons.violation}
        disabled={off}
        onGo={(by) => move({ to: 'violation', by })}
      />
      <RunUntil disabled={off} />
      <Step
        name="Find"
        keys={keysOf('find a thread, lock, function or line')}
        icon={icons.search}
        disabled={off}
        onClick={() => app().setFind(true)}
      />
      {/* Where the window is small, what is read stands below what is pressed. */}
      <span className="break" />
      <Clock />
      <Where />
      <Verdict />
    </div>
  );
}
