import { type ReactNode, useEffect, useRef } from 'react';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { TIMELINE_KEY_HELP } from '../timeline/keys.ts';

type Lines = readonly (readonly [string, string])[];

const PLAYHEAD_KEYS: Lines = [
  ['Space', 'play or pause'],
  [',  .', 'one step back or forward'],
  ['Shift , .', 'one step of the selected thread'],
  ['Home End', 'to the start or the end'],
  ['+ −', 'faster or slower'],
  ['c  Shift c', 'next or previous contention'],
  ['v  Shift v', 'next or previous violation'],
  ['b  Shift b', 'next or previous time the thread blocks'],
  ['r', 'run until a contention, a line, …'],
  ['/  Ctrl k', 'find a thread, lock, function or line'],
  ['Esc', 'stop a search; put a measured span away, then a filter'],
];

const VIEW_KEYS: Lines = [
  ['j k', 'select the next or previous thread'],
  ['w s  ↑ ↓', 'zoom in or out'],
  ['a d  ← →', 'move left or right'],
  ['0', 'show everything'],
  ...TIMELINE_KEY_HELP.filter(([keys]) => keys !== 'Esc'),
  ['?', 'this help'],
];

const POINTER: Lines = [
  ['Click or drag in the lanes', 'moves the playhead'],
  ['Wheel', 'zooms at the pointer; with Shift it moves sideways'],
  ['Drag on the axis', 'measures a span; a double click in it zooms to it; a click moves the playhead'],
  ['Alt and drag', 'zooms to the span'],
  ['Overview above the axis', 'a click or drag moves the span that is shown'],
];

/** Keys and gestures, and how to read the lanes. */
export function Help(): ReactNode {
  const open = useApp((s) => s.helpOpen);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog className="help" ref={dialog} aria-labelledby="help" onClose={() => app().setHelp(false)}>
      <header>
        <h1 id="help">How to read and drive the page</h1>
        <button
          type="button"
          className="button square"
          aria-label="Close"
          onClick={() => app().setHelp(false)}
        >
          {icons.cross}
        </button>
      </header>
      <p>
        Each lane is a thread of a simulated process. Its colour says what the thread does; hatched parts are
        waits for a lock, and they are drawn however short they are. Below the threads, each lock shows who
        holds it (full height: to write; hatched: by a thread that does not run) and how many wait, sleepers
        below spinners. A wedge from above is a steal past the queue, one from below a hand-over, a line over
        the queue a demand that nobody may pass. Code, lanes, lock, queue and address space all show the
        moment at the playhead.
      </p>
      <div className="columns">
        {[PLAYHEAD_KEYS, VIEW_KEYS].map((lines) => (
          <dl key={lines[0]?.[0]}>
            {lines.map(([keys, meaning]) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        ))}
      </div>
      <dl className="wide">
        {POINTER.map(([gesture, meaning]) => (
          <div key={gesture}>
            <dt>{gesture}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="dim">
        Memory is sequentially consistent here. Times come from a model with a named source for every number;
        a run is the same wherever it is repeated, so the address of this page is the whole experiment.
      </p>
    </dialog>
  );
}
