import { expect, test } from 'vitest';
import type { Progress } from '../worker/protocol.ts';
import { axisNs, extentNs, hasZones, lengthNs, shownDrawer } from './derive.ts';
import { started } from './testing.ts';

const ENDED: Progress = { events: 9, now: 0, kept: 9, ended: true, verdict: 'pass', eventsPerSec: 1 };

test('a run that has ended is as long as it lasted, whatever the axis shows', () => {
  const { info } = started().state;
  const extent = extentNs({ info });
  const at = (share: number, phase: 'running' | 'ended') => ({
    info,
    phase,
    progress: { ...ENDED, now: extent * share },
  });
  expect(lengthNs(at(0.9, 'running'))).toBe(extent);
  expect(lengthNs(at(0.9, 'ended'))).toBe(extent * 0.9);
  expect(axisNs(at(0.9, 'ended'))).toBe(extent);
  expect(lengthNs(at(0.1, 'ended'))).toBe(extent * 0.1);
  expect(axisNs(at(0.1, 'ended'))).toBeGreaterThan(extent * 0.1);
  expect(lengthNs({ info, phase: 'ended', progress: null })).toBe(extent);
});

test('the drawer shows zones where there are some, or as long as nobody knows', () => {
  const zone = { t: 0, event: 0, zones: [] };
  expect(hasZones({ moment: null })).toBe(false);
  expect(shownDrawer({ drawer: 'zones', moment: null })).toBe('zones');
  expect(shownDrawer({ drawer: 'zones', moment: zone })).toBe('run');
  expect(shownDrawer({ drawer: 'blame', moment: zone })).toBe('blame');
});
