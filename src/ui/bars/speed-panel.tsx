import { Slider } from '@base-ui/react/slider';
import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { ReactNode } from 'react';
import { extentNs, type SpeedUnit } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { notchAt, notches, setNotch, speedText } from './speed.tsx';

const UNITS: readonly (readonly [SpeedUnit, string])[] = [
  ['time', 'Simulated time'],
  ['events', 'Events'],
];

/** The speed on a slider, which may be drawn while the run plays; the notches lie far apart, so they are few. */
export function SpeedPanel(): ReactNode {
  const extent = useApp(extentNs);
  const unit = useApp((s) => s.speedUnit);
  const notch = useApp((s) => notchAt(s.speedUnit, s.speed, s.eventRate));
  const last = notches(unit).length - 1;
  return (
    <div className="speed-panel">
      <ToggleGroup
        className="segments"
        aria-label="Speed counts"
        value={[unit]}
        onValueChange={([next]) => {
          if (next === 'time' || next === 'events') app().setSpeedUnit(next);
        }}
      >
        {UNITS.map(([id, title]) => (
          <Toggle key={id} value={id} className="segment">
            {title}
          </Toggle>
        ))}
      </ToggleGroup>
      <Slider.Root
        className="slider"
        value={notch}
        min={0}
        max={last}
        onValueChange={(value) => setNotch(unit, value)}
      >
        <Slider.Control className="slider-control">
          <Slider.Track className="slider-track">
            <Slider.Indicator className="slider-done" />
            {notches(unit).map((value, i) => (
              <i key={value} className="slider-notch" style={{ left: `${(i / last) * 100}%` }} />
            ))}
            <Slider.Thumb
              className="slider-thumb"
              aria-label="Speed of playback"
              getAriaValueText={(_, value) => speedText(unit, value, extent)}
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <div className="slider-ends" aria-hidden="true">
        <span>{speedText(unit, 0, extent)}</span>
        <span>{speedText(unit, last, extent)}</span>
      </div>
    </div>
  );
}
