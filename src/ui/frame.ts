/** Work in pieces, between which it can wait for the next frame. */
export type Pieces<T = void> = Generator<undefined, T>;

/** A picture in the making: its pieces change memory only; what comes out of them puts it on the page. */
export type Picture = Pieces<() => void>;

/**
 * So long pictures may be in the making in one frame, ms: what puts them on the page needs time as well, and so does React
 * in a frame in which something was asked for.
 */
const BUDGET = 4;
const BUDGET_ALONE = 5.5;

const waiting = new Map<object, () => Picture>();
/** Pictures that are shown together, as they were asked for together: those in the making, and those made. */
const making = new Map<object, Picture>();
const made = new Map<object, () => void>();
let handle = 0;
let whole = false;

/** Does all the pieces at once. */
export function drain<T>(pieces: Pieces<T>): T {
  for (;;) {
    const { done, value } = pieces.next();
    if (done === true) return value;
  }
}

function begin(): void {
  for (const [key, draw] of waiting) making.set(key, draw());
  waiting.clear();
}

function doPiece(key: object, picture: Picture): void {
  // One that fails is given up: it must not keep the others from the page for ever.
  let over = true;
  try {
    const { done, value } = picture.next();
    over = done === true;
    if (done === true) made.set(key, value);
  } finally {
    if (over) making.delete(key);
  }
}

/** Goes on with what is in the making until the clock says `until`. */
function make(until: number): void {
  for (const [key, picture] of making) {
    while (making.has(key)) {
      doPiece(key, picture);
      if (performance.now() >= until) return;
    }
  }
}

function show(): void {
  const due = [...made.values()];
  made.clear();
  for (const put of due) put();
}

function run(): void {
  handle = 0;
  try {
    if (whole) finish();
    const until = performance.now() + (waiting.size > 0 ? BUDGET : BUDGET_ALONE);
    while (framePending() && performance.now() < until) {
      if (making.size === 0 && made.size === 0) begin();
      make(until);
      // What was asked for together is seen together: no lane shows another span of time than the axis.
      if (making.size === 0) show();
    }
  } finally {
    request();
  }
}

function request(): void {
  if (handle === 0 && framePending()) handle = requestAnimationFrame(run);
}

/**
 * Has a picture made before the next frame; the latest of a key replaces those that wait. One frame serves all; what does
 * not fit into it goes on in the next, and is shown when all of it is made. Then comes what was asked for meanwhile.
 */
export function schedule(key: object, draw: () => Picture): void {
  waiting.set(key, draw);
  request();
}

export function unschedule(key: object): void {
  for (const pictures of [waiting, making, made]) pictures.delete(key);
}

/** Makes and shows at once whatever is waiting or in the making. */
export function finish(): void {
  whole = false;
  // What is in the making of something that is drawn anew would never be seen.
  begin();
  make(Number.POSITIVE_INFINITY);
  show();
}

/** The next frame shows all there is, however long it takes: for what elements of the page must not run ahead of. */
export function keepUp(): void {
  whole = framePending();
}

/** True while something waits to be drawn, or is drawn in part. */
export function framePending(): boolean {
  return waiting.size + making.size + made.size > 0;
}
