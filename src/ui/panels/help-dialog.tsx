import type { ReactNode } from 'react';
import { app } from '../app-store.ts';
import { DialogClose, DialogTitle, Modal } from '../controls/modal.tsx';
import { PLAYHEAD_KEYS, VIEW_KEYS } from './help.tsx';

const POINTER: readonly (readonly [string, string])[] = [
  [
    'Click or drag in the lanes',
    'moves the playhead; in the lane of a thread it also selects the thread and its wait there, in that of a lock the lock',
  ],
  ['Wheel', 'zooms at the pointer; with Shift it moves sideways, over the names it scrolls'],
  ['Drag on the axis', 'measures a span; a double click in it zooms to it; a click moves the playhead'],
  ['Alt and drag', 'zooms to the span'],
  ['Overview above the axis', 'a click or drag moves the span that is shown'],
];

/** Keys and gestures, and how to read the lanes. */
export function HelpDialog(): ReactNode {
  return (
    <Modal className="help" onClose={() => app().setHelp(false)}>
      <header>
        <DialogTitle>How to read and drive the page</DialogTitle>
        <DialogClose />
      </header>
      <p>
        Each lane is a thread of a simulated process. Its colour says what the thread does; hatched parts are
        waits for a lock. Where a wait is a part of a pixel it is as high as that part, the shortest still a
        line; a cross is a fault that was aborted and began anew. Below the threads, each lock shows who holds
        it (full height: to write; hatched: by a thread that does not run) and how many wait, sleepers below
        spinners. A wedge from above is a steal past the queue, one from below a hand-over, a line over the
        queue a demand that nobody may pass. Code, lanes, lock, queue and address space all show the moment at
        the playhead.
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
        Memory is sequentially consistent here. Times come from a model: every number is sourced, or marked as
        assumed or calibrated. A run is the same wherever it is repeated, so the address of this page is the
        whole experiment.
      </p>
    </Modal>
  );
}
