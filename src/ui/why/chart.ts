import { scaleLog, scaleSqrt } from 'd3';
import type { Ns } from '../../event/index.ts';
import type { SpanBin } from '../../trace/index.ts';

/** One bar of a chart of lengths: those of two modes with the same bounds, one on top of the other. */
export interface Bar {
  readonly fromNs: Ns;
  readonly toNs: Ns;
  readonly read: SpanBin | null;
  readonly write: SpanBin | null;
  /** Place and width in the chart, 0 to 1. */
  readonly x: number;
  readonly width: number;
  /** Heights, 0 to 1. */
  readonly readHeight: number;
  readonly writeHeight: number;
}

export interface Chart {
  readonly bars: readonly Bar[];
  readonly ticks: readonly { readonly ns: Ns; readonly x: number }[];
  /** Waits or holds in the fullest bar. */
  readonly most: number;
}

/** A logarithmic axis has no 0: lengths below a nanosecond stand in a bar of their own before it. */
const LEAST: Ns = 0.5;
/** The axis spans at least so many times its beginning: one bar alone would say nothing about its place. */
const SPAN = 1_000;
/** Lowest height of a bar that holds anything at all. */
const VISIBLE = 0.04;

function countOf(bin: SpanBin | null | undefined): number {
  return bin?.count ?? 0;
}

/** Lays bins of two modes out on one axis; heights grow with the root of the count, so that one wait in a million shows. */
export function chartOf(read: readonly SpanBin[], write: readonly SpanBin[]): Chart {
  const byStart = new Map<Ns, { read: SpanBin | null; write: SpanBin | null; toNs: Ns }>();
  for (const bin of read) byStart.set(bin.fromNs, { read: bin, write: null, toNs: bin.toNs });
  for (const bin of write) {
    byStart.set(bin.fromNs, { read: byStart.get(bin.fromNs)?.read ?? null, write: bin, toNs: bin.toNs });
  }
  const starts = [...byStart].sort(([a], [b]) => a - b);
  const first = starts[0];
  const last = starts[starts.length - 1];
  if (first === undefined || last === undefined) return { bars: [], ticks: [], most: 0 };
  const least = Math.max(LEAST, first[0]);
  const air = Math.max(1, Math.sqrt((SPAN * least) / last[1].toNs));
  const x = scaleLog([Math.max(LEAST, least / air), last[1].toNs * air], [0, 1]);
  const most = Math.max(...starts.map(([, bin]) => countOf(bin.read) + countOf(bin.write)));
  const height = scaleSqrt([0, most], [0, 1]);
  const bars = starts.map(([fromNs, bin]) => {
    const [reads, writes] = [countOf(bin.read), countOf(bin.write)];
    const whole = reads + writes === 0 ? 0 : Math.max(VISIBLE, height(reads + writes));
    const at = x(Math.max(LEAST, fromNs));
    return {
      fromNs,
      toNs: bin.toNs,
      read: bin.read,
      write: bin.write,
      x: at,
      width: x(bin.toNs) - at,
      readHeight: reads === 0 ? 0 : (whole * reads) / (reads + writes),
      writeHeight: writes === 0 ? 0 : (whole * writes) / (reads + writes),
    };
  });
  return { bars, ticks: ticksOf(x), most };
}

/** Powers of ten, as many as there is room for. */
function ticksOf(x: (ns: Ns) => number): { ns: Ns; x: number }[] {
  const all: { ns: Ns; x: number }[] = [];
  for (let ns = 1; ns <= 1e15; ns *= 10) {
    const at = x(ns);
    if (at >= -1e-9 && at <= 1) all.push({ ns, x: Math.max(0, at) });
  }
  const every = Math.max(1, Math.ceil(all.length / 6));
  return all.filter((_, i) => i % every === 0);
}

/** The bars from one to another, whichever comes first. */
export function barsBetween(bars: readonly Bar[], a: number, b: number): SpanBin[] {
  return bars
    .slice(Math.min(a, b), Math.max(a, b) + 1)
    .flatMap(({ read, write }) => [read, write].filter((bin) => bin !== null));
}
