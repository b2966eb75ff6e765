import type { ReactNode } from 'react';
import { extentNs, playRate, type SpeedUnit } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { Opener } from '../controls/popup.tsx';
import { count } from '../text/numbers.ts';
import { roundDuration } from '../text/time.ts';
import { keysOf } from '../tips/shortcuts.ts';
import { tip } from '../tips/tip.ts';

/** Multiples of the speed at which the whole extent takes 20 s. */
const SPEEDS = [0.01, 0.1, 0.25, 1, 4, 16] as const;
/** Events per second. */
const RATES = [1, 3, 10, 30, 100, 1_000, 10_000, 100_000] as const;

/** The notches of a unit. */
export function notches(unit: SpeedUnit): readonly number[] {
  return unit === 'time' ? SPEEDS : RATES;
}

/** Which notch playback is at, in the unit given. */
export function notchAt(unit: SpeedUnit, speed: number, eventRate: number): number {
  const present = unit === 'time' ? speed : eventRate;
  return Math.max(0, notches(unit).indexOf(present));
}

export function setNotch(unit: SpeedUnit, notch: number): void {
  const list = notches(unit);
  const value = list[Math.max(0, Math.min(list.length - 1, notch))];
  if (value === undefined) return;
  const { setSpeed, setEventRate, setSpeedUnit } = app();
  setSpeedUnit(unit);
  if (unit === 'time') setSpeed(value);
  else setEventRate(value);
}

/** Playback a notch faster or slower, in the unit it has. */
export function changeSpeed(by: 1 | -1): void {
  const { speedUnit, speed, eventRate } = app();
  setNotch(speedUnit, notchAt(speedUnit, speed, eventRate) + by);
}

/** '900 ms per s', '30 events per s'. */
export function speedText(unit: SpeedUnit, notch: number, extent: number): string {
  const value = notches(unit)[notch] ?? 1;
  if (unit === 'time') return `${roundDuration(playRate(extent, value) * 1000)} per s`;
  return `${value === 1 ? '1 event' : `${count(value)} events`} per s`;
}

/** How fast playback goes: simulated time, or events, per second. */
export function Speed({ disabled }: { readonly disabled: boolean }): ReactNode {
  const extent = useApp(extentNs);
  const unit = useApp((s) => s.speedUnit);
  const notch = useApp((s) => notchAt(s.speedUnit, s.speed, s.eventRate));
  const blank = useApp((s) => (s.info === null ? ' blank' : ''));
  return (
    <span className={`popup speed${blank}`}>
      <Opener
        label="Speed"
        className="button menu"
        disabled={disabled}
        tips={tip('Speed of playback', keysOf('faster or slower'))}
        button={
          <>
            <span className="hidden">Speed</span>
            <span className="menu-value">{speedText(unit, notch, extent)}</span>
            {icons.chevron}
          </>
        }
      >
        {(_, parts) => <parts.SpeedPanel />}
      </Opener>
    </span>
  );
}
