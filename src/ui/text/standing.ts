import type { Moment, SiteIdx, ThreadIdx, ThreadMoment, TraceMeta } from '../../event/index.ts';

/** Threads that stand at a line, the first of them shown by name. */
export interface Standing {
  readonly threads: readonly ThreadIdx[];
  /** State of the first. */
  readonly state: number;
  /** The first itself stands here, not something that it called. */
  readonly inner: boolean;
}

/** Who stands in a file, by line: every thread once, at its innermost frame in that file; `first` leads its group. */
export function standingIn(file: string, moment: Moment, first: ThreadIdx): Map<number, Standing> {
  const byLine = new Map<number, Standing>();
  const ordered = [...(moment.threads ?? [])].sort(
    (a, b) => Number(b.thread === first) - Number(a.thread === first),
  );
  for (const { thread, stack, state } of ordered) {
    const depth = stack?.findIndex((frame) => frame.file === file) ?? -1;
    const frame = stack?.[depth];
    if (frame === undefined) continue;
    const old = byLine.get(frame.line);
    if (old === undefined) byLine.set(frame.line, { threads: [thread], state, inner: depth === 0 });
    else byLine.set(frame.line, { ...old, threads: [...old.threads, thread] });
  }
  return byLine;
}

/** Files in which a thread stands with its innermost frame, with their number of threads, most first. */
export function filesStoodIn(moment: Moment): { file: string; threads: number }[] {
  const count = new Map<string, number>();
  for (const { stack } of moment.threads ?? []) {
    const file = stack?.[0]?.file;
    if (file !== undefined) count.set(file, (count.get(file) ?? 0) + 1);
  }
  return [...count]
    .map(([file, threads]) => ({ file, threads }))
    .sort((a, b) => b.threads - a.threads || (a.file < b.file ? -1 : 1));
}

/** Site of a frame of a thread's stack, counted from the innermost. */
export function siteOfFrame(thread: ThreadMoment, depth: number, meta: TraceMeta): SiteIdx {
  let site = thread.site;
  for (let i = 0; i < depth; i++) site = meta.sites[site]?.parent ?? 0;
  return site;
}

/**
 * Which of a line's steps comes next, for a thread that stands at `site` and made its last record at `last` (0: made
 * it somewhere else, or unknown). As many as there are steps: all are done.
 */
export function nextStep(steps: readonly { readonly site: SiteIdx }[], site: SiteIdx, last: SiteIdx): number {
  const done = steps.map((step) => step.site).lastIndexOf(last);
  if (done >= 0) return done + 1;
  return Math.max(
    0,
    steps.findIndex((step) => step.site === site),
  );
}
