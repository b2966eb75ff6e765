/** The table in which the page's bench tells what it found. */

/** @typedef {{ name: string, measured: string, bound: string, peer: string, within: boolean | null }} Row */

/**
 * @param {readonly number[]} values
 * @param {number} share 0.5 is the median
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/** @param {number} value */
export function ms(value) {
  return value >= 1_000 ? `${(value / 1_000).toFixed(2)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

/** @param {number} bytes */
export function mb(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** @param {readonly string[]} cells */
function line(cells) {
  const widths = [46, 20, 12, 20, 8];
  process.stdout.write(
    `${cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join(' ')
      .trimEnd()}\n`,
  );
}

export class Table {
  ok = true;

  /** @param {string} title */
  head(title) {
    line([title, 'median', 'bound', 'speedscope', '']);
  }

  /**
   * @param {string} name
   * @param {number} value
   * @param {(value: number) => string} text
   * @param {number} [bound] what the value must be under; without one it is only told
   * @param {string} [peer]
   */
  row(name, value, text, bound, peer = '') {
    const within = bound === undefined ? null : value < bound;
    if (within === false) this.ok = false;
    const verdict = within === null ? '' : within ? 'within' : 'MISSED';
    line([`  ${name}`, text(value), bound === undefined ? '' : `< ${text(bound)}`, peer, verdict]);
  }
}
