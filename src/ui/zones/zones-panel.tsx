import { type ReactNode, useEffect, useMemo } from 'react';
import type { TraceMeta, ZoneMoment } from '../../event/index.ts';
import { app, useApp } from '../app-store.ts';
import { Swatch } from '../controls/swatch.tsx';
import { listsLeft, zoneScale } from '../layout/zone.ts';
import { HIGH_LOOK, LEVEL_LOOK } from '../paint/zone.ts';
import { useChanged } from '../panels/use-changed.ts';
import { counted } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { addedUp, type Contentions, contentionOf, lruOf, marksOf, takenOf } from '../text/zone.ts';
import { tip } from '../tips/tip.ts';
import { Far } from '../why/far.tsx';
import { useRange } from '../why/use-range.ts';
import '../styles/zones.css';
import { ZoneLock } from './zone-locks.tsx';
import { ZoneMeters } from './zone-meters.tsx';

/** What all zone locks and all LRU locks take of the time of the CPUs, over the visible range. */
function useContention(zones: readonly ZoneMoment[], meta: TraceMeta): Contentions | null {
  const answer = useApp((s) => s.statistics);
  const range = useRange();
  const recorded = useApp((s) => s.report);
  // While the run goes on, its reports say when there is more to count.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => app().askRange('statistics', range), [range, recorded]);
  const summary = answer?.summary;
  return useMemo(
    () => (summary === undefined ? null : contentionOf(summary, zones, meta)),
    [summary, zones, meta],
  );
}

function Shares({ contention }: { readonly contention: Contentions | null }): ReactNode {
  if (contention === null) {
    return (
      <h2 className="zone-shares">
        Zones <Far />
      </h2>
    );
  }
  const { cpus, ns, all } = contention;
  const [zone, lru, both] = addedUp(all);
  return (
    <h2
      className="zone-shares"
      {...tip(`Of the time of ${counted(cpus, 'CPU')} in the ${duration(ns)} that are visible`)}
    >
      <span className="dim">Spinning in {duration(ns)}:</span> zone {zone}
      <span className="dim"> + </span>LRU {lru}
      <span className="dim"> = </span>
      {both} <Far />
    </h2>
  );
}

/** What the columns are. */
function Heads({ zones }: { readonly zones: readonly ZoneMoment[] }): ReactNode {
  const orders = zones[0]?.freeBlocks.length ?? 0;
  return (
    <div className="zone-heads">
      <span>Free blocks by order, log scale; new: never used</span>
      <span className="zone-lists-head" style={{ left: listsLeft(orders) }}>
        Pages on each CPU’s list · {marksOf(zones)}
        <span className="zone-key">
          <Swatch {...LEVEL_LOOK} /> level
          <Swatch {...HIGH_LOOK} /> near high
        </span>
      </span>
    </div>
  );
}

function Zones({ zones, meta }: { readonly zones: readonly ZoneMoment[]; readonly meta: TraceMeta }) {
  const moment = useApp((s) => s.moment);
  const changed = useChanged();
  const scale = useMemo(() => zoneScale(zones), [zones]);
  const contention = useContention(zones, meta);
  if (moment === null) return null;
  return (
    <section className="zones" aria-label="Zones at the playhead">
      <header className="zone-top">
        <Shares contention={contention} />
        <Heads zones={zones} />
      </header>
      <div className="zone-rows">
        {zones.map((zone, i) => {
          const shares = contention?.byZone[i];
          const line = { moment, meta, changed };
          return (
            <section key={zone.node} className="zone-row" aria-label={`Node ${zone.node}`}>
              <div className="zone-facts">
                <p className="zone-name" {...tip(`${takenOf(zone)} · ${lruOf(zone)}`)}>
                  <b>Node {zone.node}</b>
                  <span className="dim">
                    {takenOf(zone)} · {lruOf(zone)}
                  </span>
                </p>
                <ZoneLock lock={zone.zoneLock} share={shares?.zone ?? null} {...line} />
                <ZoneLock lock={zone.lruLock} share={shares?.lru ?? null} {...line} />
              </div>
              <ZoneMeters zone={zone} scale={scale} moment={moment} meta={meta} changed={changed} />
            </section>
          );
        })}
      </div>
    </section>
  );
}

/** The zones at the playhead: their locks, free memory and per-CPU lists, and how contended they are. */
export function ZonesPanel(): ReactNode {
  const zones = useApp((s) => s.moment?.zones);
  const meta = useApp((s) => s.info?.meta ?? null);
  return zones === undefined || meta === null ? null : <Zones zones={zones} meta={meta} />;
}
