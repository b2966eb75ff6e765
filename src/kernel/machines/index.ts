import type { Machine } from '../machine.ts';
import { e5x2680 } from './e5-2680.ts';
import { faultStudies } from './fault-studies.ts';
import { servers } from './servers.ts';
import { small } from './small.ts';
import { eight, guest, large } from './variants.ts';

/** Every machine preset. One more: a file here and a line below. */
export const machines: readonly Machine[] = [
  e5x2680,
  large,
  eight,
  guest,
  small,
  ...servers,
  ...faultStudies,
];

export function machineById(id: string): Machine | undefined {
  return machines.find((m) => m.id === id);
}
export { e5x2680, e5x2680With } from './e5-2680.ts';
export { small } from './small.ts';
export { withZones } from './zone.ts';
