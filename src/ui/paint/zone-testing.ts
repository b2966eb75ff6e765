import { Class, objectId, type PageListMoment, State, type ZoneMoment } from '../../event/index.ts';
import { type ZoneLayout, zoneLayout, zoneScale } from '../layout/zone.ts';
import { lookOf, type StateLook } from './palette.ts';
import type { ZoneMarks } from './zone.ts';

/** Zones for the tests of their view. */

export const ZONE_LOCK = objectId(Class.LOCK, 0);
export const LRU_LOCK = objectId(Class.LOCK, 1);

export function zoneOf(pages: readonly number[], part: Partial<ZoneMoment> = {}): ZoneMoment {
  const lists: PageListMoment[] = pages.map((n, cpu) => ({ cpu, pages: n, high: 186 }));
  return {
    node: 0,
    zoneLock: ZONE_LOCK,
    lruLock: LRU_LOCK,
    managedPages: 1_048_576,
    freeBlocks: [12, 0, 3, 1, 0, 0, 0, 1, 0, 0, 200],
    untouchedPages: 512 * 1_024,
    lruPages: 2_048,
    pagevecPages: 3,
    batch: 31,
    lists,
    ...part,
  };
}

/** Empty, low, refilled, drained, near high and full lists, their CPUs at all sorts of things; then many narrow lists. */
export function zoneScenes(width: number): readonly { layout: ZoneLayout; marks: ZoneMarks }[] {
  const few = zoneOf([0, 1, 31, 120, 156, 186]);
  const many = zoneOf(Array.from({ length: 48 }, (_, i) => (i * 37) % 187));
  const scale = zoneScale([few, many]);
  const wide = zoneLayout(few, scale, width, 76);
  const narrow = zoneLayout(many, scale, width, 50);
  const states = [State.SPIN, State.KERNEL, State.USER, State.KERNEL, State.SPIN];
  const doings = (layout: ZoneLayout): ReadonlyMap<number, StateLook> =>
    new Map(states.map((state, i) => [layout.firstList + i, lookOf(state)]));
  return [
    {
      layout: wide,
      marks: {
        pulses: new Map([
          [wide.firstList + 2, 31],
          [wide.firstList + 3, -31],
        ]),
        doings: doings(wide),
        cursor: wide.firstList + 4,
      },
    },
    {
      layout: narrow,
      marks: { pulses: new Map([[narrow.firstList + 6, 31]]), doings: doings(narrow), cursor: 2 },
    },
  ];
}
