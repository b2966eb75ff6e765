import type { ReactNode } from 'react';
import { extentNs, playRate, type SpeedUnit } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { count } from '../text/numbers.ts';
import { roundDuration } from '../text/time.ts';

/** Multiples of the speed at which the whole extent takes 20 s. */
const SPEEDS = [0.01, 0.1, 0.25, 1, 4, 16] as const;
/** Events per second. */
const RATES = [1, 3, 10, 30, 100, 1_000, 10_000, 100_000] as const;

/** The next faster or slower one of a list of speeds. */
function neighbour(list: readonly number[], present: number, by: 1 | -1): number {
  const at = list.indexOf(present);
  return list[Math.max(0, Math.min(list.length - 1, at + by))] ?? present;
}

/** Playback a notch faster or slower, in the unit it has. */
export function changeSpeed(by: 1 | -1): void {
  const { speedUnit, speed, eventRate, setSpeed, setEventRate } = app();
  if (speedUnit === 'time') setSpeed(neighbour(SPEEDS, speed, by));
  else setEventRate(neighbour(RATES, eventRate, by));
}

function choose(value: string): void {
  const [unit, rate] = value.split(' ');
  const { setSpeed, setEventRate, setSpeedUnit } = app();
  setSpeedUnit(unit as SpeedUnit);
  if (unit === 'time') setSpeed(Number(rate));
  else setEventRate(Number(rate));
}

/** How fast playback goes: simulated time, or events, per second. */
export function Speed({ disabled }: { readonly disabled: boolean }): ReactNode {
  const extent = useApp(extentNs);
  const value = useApp((s) => `${s.speedUnit} ${s.speedUnit === 'time' ? s.speed : s.eventRate}`);
  const blank = useApp((s) => (s.info === null ? ' blank' : ''));
  return (
    <label className={`select speed${blank}`}>
      <span className="hidden">Speed</span>
      <select
        value={value}
        disabled={disabled}
        title="Speed of playback (+ −)"
        onChange={(event) => choose(event.target.value)}
      >
        <optgroup label="Simulated time">
          {SPEEDS.map((s) => (
            <option key={s} value={`time ${s}`}>
              {roundDuration(playRate(extent, s) * 1000)} per s
            </option>
          ))}
        </optgroup>
        <optgroup label="Events">
          {RATES.map((rate) => (
            <option key={rate} value={`events ${rate}`}>
              {rate === 1 ? '1 event' : `${count(rate)} events`} per s
            </option>
          ))}
        </optgroup>
      </select>
      {icons.chevron}
    </label>
  );
}
