import type { ReactNode } from 'react';
import { extentNs, playheadNs, playRate } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { count } from '../text/numbers.ts';
import { clockParts, roundDuration } from '../text/time.ts';
import { Verdict } from './verdict.tsx';

const SPEEDS = [0.01, 0.1, 0.25, 1, 4, 16] as const;

function Clock(): ReactNode {
  const t = useApp(playheadNs);
  const extent = useApp(extentNs);
  const blank = useApp((s) => (s.info === null ? ' blank' : ''));
  const { whole, groups, unit } = clockParts(t, extent);
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

function Step(props: {
  readonly name: string;
  readonly keys: string;
  readonly icon: ReactNode;
  readonly disabled: boolean;
  readonly onClick: () => void;
}): ReactNode {
  const { name, keys, icon, disabled, onClick } = props;
  return (
    <button
      type="button"
      className="button square"
      aria-label={name}
      title={`${name} (${keys})`}
      disabled={disabled}
      onClick={onClick}
    >
      {icon}
    </button>
  );
}

/** Where the playhead is, and everything that moves it. */
export function Transport(): ReactNode {
  const playing = useApp((s) => s.playing);
  const speed = useApp((s) => s.speed);
  const extent = useApp(extentNs);
  const event = useApp((s) => s.moment?.event ?? null);
  const events = useApp((s) => s.progress?.events ?? null);
  const sentence = useApp((s) => s.record?.sentence ?? null);
  const off = useApp((s) => s.info === null || s.phase === 'building');
  const blank = useApp((s) => (s.info === null ? ' blank' : ''));
  const { move, play, stop, setSpeed } = app();
  return (
    <div className="transport" role="toolbar" aria-label="Playhead">
      <div className="buttons">
        <Step
          name="To the start"
          keys="Home"
          icon={icons.toStart}
          disabled={off}
          onClick={() => move({ to: 'start' })}
        />
        <Step
          name="Step back"
          keys="←"
          icon={icons.back}
          disabled={off}
          onClick={() => move({ to: 'step', by: -1 })}
        />
        <button
          type="button"
          className="button square primary"
          aria-label={playing ? 'Pause' : 'Play'}
          title={`${playing ? 'Pause' : 'Play'} (Space)`}
          disabled={off}
          onClick={() => (playing ? stop() : play())}
        >
          {playing ? icons.pause : icons.play}
        </button>
        <Step
          name="Step forward"
          keys="→"
          icon={icons.forward}
          disabled={off}
          onClick={() => move({ to: 'step', by: 1 })}
        />
        <Step
          name="To the end"
          keys="End"
          icon={icons.toEnd}
          disabled={off}
          onClick={() => move({ to: 'end' })}
        />
      </div>
      <label className={`select${blank}`}>
        <span className="hidden">Speed</span>
        <select
          value={speed}
          disabled={off}
          title="Simulated time per second"
          onChange={(e) => setSpeed(Number(e.target.value))}
        >
          {SPEEDS.map((s) => (
            <option key={s} value={s}>
              {roundDuration(playRate(extent, s) * 1000)} per s
            </option>
          ))}
        </select>
        {icons.chevron}
      </label>
      <button
        type="button"
        className="button"
        title="Next contention (c)"
        disabled={off}
        onClick={() => move({ to: 'contention', by: 1 })}
      >
        Next contention
      </button>
      <Clock />
      <span className={`at${blank}`}>
        <span className="event">
          {event === null || events === null ? ' ' : `event ${count(event)} of ${count(events)}`}
        </span>
        <span className="sentence" title={sentence ?? undefined}>
          {sentence ?? (event === 0 ? 'nothing has happened yet' : '')}
        </span>
      </span>
      <span className="spring" />
      <Verdict />
    </div>
  );
}
