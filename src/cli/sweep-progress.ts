/** One line on a terminal's stderr, written over and over; nothing where stderr is no terminal. */
export class ProgressLine {
  private shown = false;

  show(text: string): void {
    if (!process.stderr.isTTY) return;
    // A line that wraps cannot be written over.
    const columns = (process.stderr.columns || 80) - 1;
    const short = text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
    process.stderr.write(`\r\x1b[K${short}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
    this.shown = false;
  }
}

/** How far a sweep is: `3 of 12, running munmap=baseline seed=4`. */
export function progressText(done: number, all: number, running: readonly string[]): string {
  const names = running.filter((n) => n !== '').join(', ');
  return `${done} of ${all}${names === '' ? '' : `, running ${names}`}`;
}
