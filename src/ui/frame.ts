const jobs = new Map<object, () => void>();
let handle = 0;

function run(): void {
  handle = 0;
  const due = [...jobs.values()];
  jobs.clear();
  for (const job of due) job();
}

/** Does `job` before the next picture; the latest job of a key replaces those before it. One frame serves all. */
export function schedule(key: object, job: () => void): void {
  jobs.set(key, job);
  if (handle === 0) handle = requestAnimationFrame(run);
}

export function unschedule(key: object): void {
  jobs.delete(key);
}

/** True while something waits to be drawn. */
export function framePending(): boolean {
  return jobs.size > 0;
}
