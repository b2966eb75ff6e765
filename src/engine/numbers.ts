/**
 * Arithmetic that is the same everywhere: + - * / and integer operations alone. Math.imul is exact integer
 * multiplication, not a floating-point function.
 */

/** Adding it leaves no room for a fraction: the sum is rounded to a whole number, ties to even. */
const TO_WHOLE = 2 ** 52;

/** Whole nanoseconds: rounds half up. Defined for 0 <= x < 2^51. */
export function roundHalfUp(x: number): number {
  const nearest = x + TO_WHOLE - TO_WHOLE;
  return x - nearest === 0.5 ? nearest + 1 : nearest;
}

/** The integer part of a number that is not negative and below 2^51. */
export function whole(x: number): number {
  const nearest = x + TO_WHOLE - TO_WHOLE;
  return nearest > x ? nearest - 1 : nearest;
}

/**
 * A counter-based random number in [0, 1): a function of seed, thread, purpose and draw alone, so the k-th think time
 * of a thread is the same under every strategy. (Mixing after Mulvey's lowbias32.)
 */
export function uniform(seed: number, thread: number, purpose: number, draw: number): number {
  return drawOf(drawsOf(seed, thread, purpose), draw);
}

/** What the draws of a thread for a purpose have in common, for who needs many of them. */
export function drawsOf(seed: number, thread: number, purpose: number): number {
  let h = mix(seed ^ 0x9e3779b9);
  h = mix(h ^ Math.imul(thread + 1, 0x85ebca6b));
  return mix(h ^ Math.imul(purpose + 1, 0xc2b2ae35));
}

/** One of those draws, as `uniform` gives it. */
export function drawOf(draws: number, draw: number): number {
  return (mix(draws ^ Math.imul(draw + 1, 0x27d4eb2f)) >>> 0) / 4294967296;
}

function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
}

const STEPS = 1024;
const logTable = makeLogTable();

/** -ln(k / STEPS) for k = 1..STEPS by the series of artanh, entry 0 unused. */
function makeLogTable(): Float64Array {
  const table = new Float64Array(STEPS + 1);
  for (let k = 1; k <= STEPS; k++) {
    let x = k / STEPS;
    let halvings = 0;
    while (x < 0.75) {
      x *= 2;
      halvings++;
    }
    table[k] = halvings * series(2) - series(x);
  }
  return table;
}

/** ln x for x in [0.5, 2] by 2 artanh((x - 1) / (x + 1)). */
function series(x: number): number {
  const y = (x - 1) / (x + 1);
  const y2 = y * y;
  let term = y;
  let sum = 0;
  for (let n = 1; n < 60; n += 2) {
    sum += term / n;
    term *= y2;
  }
  return 2 * sum;
}

/** An exponential number of mean 1 for a uniform u in [0, 1), by the table and a straight line between its entries. */
export function exponential(u: number): number {
  // The last draw below 1/STEPS is spread over one more halving instead of running to infinity.
  const v = 1 - u;
  const scaled = v * STEPS;
  const k = whole(scaled);
  if (k < 1) return (logTable[1] as number) + (1 - scaled);
  if (k >= STEPS) return 0;
  const a = logTable[k] as number;
  const b = logTable[k + 1] as number;
  return a + (b - a) * (scaled - k);
}
