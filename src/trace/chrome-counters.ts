import type { Ns } from '../event/index.ts';
import { type EventText, us } from './chrome-text.ts';

interface Series {
  readonly head: string;
  readonly key: string;
  value: number;
  /** Time of the last change. */
  t: Ns;
  pending: boolean;
}

/** Counters over time. Of several changes in one nanosecond the last one is written. */
export class Counters {
  readonly #out: EventText;
  readonly #series: Series[] = [];

  constructor(out: EventText) {
    this.#out = out;
  }

  /** Adds a counter that is 0 at time 0; returns its number. Perfetto calls its track "name key". */
  add(where: string, name: string, key: string): number {
    const head = `"ph":"C","name":${JSON.stringify(name)},${where}`;
    this.#series.push({ head, key: JSON.stringify(key), value: 0, t: 0, pending: true });
    return this.#series.length - 1;
  }

  set(counter: number, value: number, t: Ns): void {
    const series = this.#series[counter];
    if (series === undefined || series.value === value) return;
    if (series.t < t) this.#write(series);
    series.value = value;
    series.t = t;
    series.pending = true;
  }

  #write(series: Series): void {
    if (!series.pending) return;
    const { head, key, value, t } = series;
    this.#out.add(`${head},"ts":${us(t)},"args":{${key}:${value}}`);
    series.pending = false;
  }

  /** Writes what is still held back. */
  finish(): void {
    for (const series of this.#series) this.#write(series);
  }
}
