import { AreaSeries } from './area-series.ts';
import type { PyramidUpdate } from './intervals.ts';
import { LockLane } from './lock-lane.ts';
import { PyramidView } from './pyramid-view.ts';

/** The lanes on the page: applies what the worker's pyramid hands over, in order, and reads. */
export class PyramidReader extends PyramidView {
  apply(update: PyramidUpdate): void {
    this.endNs = update.endNs;
    for (const lane of update.lanes) this.lanes[lane.lane].apply(lane);
    for (const id of update.more) {
      this.more.push(id);
      this.lockLanes.push(new LockLane());
    }
    for (const lock of update.locks) this.lockLanes[lock.lane].apply(lock);
    for (const marks of update.marks) this.markLanes[marks.lane].apply(marks);
    for (const aborts of update.aborts) this.abortLanes[aborts.lane].apply(aborts);
    for (const wakes of update.wakes) this.wakeLists[wakes.lane].apply(wakes);
    for (const area of update.areas) {
      const { mm, fromPage, toPage } = area;
      this.areas[area.area] = { mm, fromPage, toPage, series: new AreaSeries(area) };
    }
  }
}
