import { axisNs, playheadNs, type Range, selectedThread, shownRange } from '../store/index.ts';
import { app } from './app-store.ts';
import { openRunUntil } from './bars/run-until.tsx';
import { changeSpeed } from './bars/speed.tsx';
import { panBy, zoomAt } from './layout/zoom.ts';
import { showRange } from './timeline/gestures.ts';
import { TIMELINE_KEYS } from './timeline/keys.ts';

const ZOOM = 0.6;
const PAN = 0.2;

function zoom(factor: number): void {
  const range = shownRange(app());
  const t = playheadNs(app());
  const inside = t >= range.from && t <= range.to;
  showRange(zoomAt(range, factor, inside ? t : (range.from + range.to) / 2, axisNs(app())));
}

function pan(share: number): void {
  const range: Range = shownRange(app());
  showRange(panBy(range, (range.to - range.from) * share, axisNs(app())));
}

function step(by: 1 | -1, ofThread: boolean): void {
  const thread = selectedThread(app());
  app().move(ofThread && thread >= 0 ? { to: 'step', by, thread } : { to: 'step', by });
}

/** Puts away what is under way or measured. */
function putAway(shift: boolean): void {
  if (app().searching !== null) app().cancelMove();
  else TIMELINE_KEYS['Escape']?.(shift);
}

/** To where the selected thread blocks. */
function untilItBlocks(by: 1 | -1): void {
  const thread = selectedThread(app());
  if (thread >= 0) app().runUntil({ on: 'blocks', thread }, by);
}

/** What each key does; with Shift where the second argument says so. */
const ACTIONS: Readonly<Record<string, (shift: boolean) => void>> = {
  ' ': () => (app().playing ? app().stop() : app().play()),
  ',': (shift) => step(-1, shift),
  '.': (shift) => step(1, shift),
  '<': () => step(-1, true),
  '>': () => step(1, true),
  ArrowLeft: (shift) => (shift ? step(-1, true) : pan(-PAN)),
  ArrowRight: (shift) => (shift ? step(1, true) : pan(PAN)),
  ArrowUp: () => zoom(ZOOM),
  ArrowDown: () => zoom(1 / ZOOM),
  Home: () => app().move({ to: 'start' }),
  End: () => app().move({ to: 'end' }),
  ...TIMELINE_KEYS,
  Escape: putAway,
  v: (shift) => app().move({ to: 'violation', by: shift ? -1 : 1 }),
  b: (shift) => untilItBlocks(shift ? -1 : 1),
  r: () => openRunUntil(),
  '/': () => app().setFind(true),
  '+': () => changeSpeed(1),
  '=': () => changeSpeed(1),
  '-': () => changeSpeed(-1),
  c: (shift) => app().move({ to: 'contention', by: shift ? -1 : 1 }),
  j: () => app().selectNeighbour(1),
  k: () => app().selectNeighbour(-1),
  w: () => zoom(ZOOM),
  s: () => zoom(1 / ZOOM),
  a: () => pan(-PAN),
  d: () => pan(PAN),
  '0': () => app().setRange(null),
  '?': () => app().setHelp(true),
};

/** Keys that the element in focus uses itself. */
function taken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  // Not the names of threads: their list answers to the arrows up and down itself, the rest is for the page.
  if (target.closest('dialog, [role="listbox"]:not(.lane-names) [role="option"], .panel-float') !== null)
    return true;
  if (target.matches('select, textarea, input')) return true;
  // A button that was clicked keeps the focus, but only who came by keyboard means it.
  return event.key === ' ' && target.matches(':is(button, a):focus-visible');
}

/** The element in focus scrolls by this arrow itself: who has no pointer has no other way. */
function scrolls({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement) || target === document.body) return false;
  const { overflowX, overflowY } = getComputedStyle(target);
  if (key === 'ArrowUp' || key === 'ArrowDown')
    return /auto|scroll/.test(overflowY) && target.scrollHeight > target.clientHeight;
  if (key === 'ArrowLeft' || key === 'ArrowRight')
    return /auto|scroll/.test(overflowX) && target.scrollWidth > target.clientWidth;
  return false;
}

/** With Shift, layouts have different signs on the keys of comma and full stop. */
const SHIFTED: Readonly<Record<string, string>> = { Comma: ',', Period: '.' };

export function onKey(event: KeyboardEvent): void {
  // They are about the run.
  if (app().page !== 'run') return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !event.altKey) {
    event.preventDefault();
    if (app().info !== null) app().setFind(!app().findOpen);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || taken(event)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const action = ACTIONS[key] ?? (event.shiftKey ? ACTIONS[SHIFTED[event.code] ?? ''] : undefined);
  if (action === undefined || scrolls(event)) return;
  event.preventDefault();
  if (event.key === ' ' && event.target instanceof HTMLElement) event.target.blur();
  action(event.shiftKey);
}

/** Buttons that keep the focus: what opened something, what stands in it, and bars, where Escape takes the marks away. */
const KEEPS =
  '[role="combobox"], [aria-haspopup][aria-expanded="true"], dialog *, .panel-float *, .lengths-bars *';

/** Who clicked with the pointer wants the keys of the page next, not those of the button: it lets go of the focus. */
export function onClick({ detail }: MouseEvent): void {
  // Not what was hit: a tab is chosen when it is pressed, and may have moved by the time it is let go. A key that
  // presses a button clicks as well, without a count of clicks.
  const button = document.activeElement;
  if (detail === 0 || !(button instanceof HTMLButtonElement) || button.matches(KEEPS)) return;
  button.blur();
}
