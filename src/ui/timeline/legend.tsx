import { type ReactNode, useMemo } from 'react';
import { State } from '../../event/index.ts';
import { MarkKind, type Occurring } from '../../trace/index.ts';
import { useApp } from '../app-store.ts';
import { Swatch } from '../controls/swatch.tsx';
import { OFF_LOOK, type Paint } from '../paint/palette.ts';
import { tip } from '../tips/tip.ts';

const STATES = [
  [State.USER, 'user', 'The thread runs code of its own, outside the kernel'],
  [State.KERNEL, 'kernel', 'It runs in a system call or a page fault'],
  [State.SPIN, 'spinning', 'It waits for a lock on its CPU, without sleeping'],
  [State.WAIT_READ, 'waits to read', 'It sleeps until it may share a lock'],
  [State.WAIT_WRITE, 'waits to write', 'It sleeps until it gets a lock for itself'],
  [State.RUNNABLE, 'runnable', 'It could run, but another has the CPU, or it is still being woken'],
  [State.IDLE, 'idle', 'It sleeps by itself, or has not begun or is done'],
] as const;

/** A wedge as the lock lanes have it. */
function Wedge({ points }: { readonly points: string }): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 8 6" aria-hidden="true">
      <polygon points={points} />
    </svg>
  );
}

/** An open angle as the lanes of zone locks have it, a cross as the thread lanes do. */
function Angle({ points, paint }: { readonly points: string; readonly paint: Paint }): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 8 6" aria-hidden="true">
      <polyline points={points} fill="none" strokeWidth="1.5" style={{ stroke: `var(--${paint})` }} />
    </svg>
  );
}

/** What stands for a lock's owners, queue and marks; only what there is. */
function lockEntries(seen: Occurring): [string, ReactNode, string][] {
  const all: [boolean, string, ReactNode, string][] = [
    [
      seen.writes,
      'held to write',
      <span key="w" className="swatch solid-hold-write" />,
      'One thread has the lock for itself',
    ],
    [
      seen.off,
      'owner not running',
      <Swatch key="o" {...OFF_LOOK} />,
      'It is held to write by a thread that runs on no CPU',
    ],
    [
      seen.reads,
      'held to read',
      <span key="r" className="swatch solid-hold-read" />,
      'Threads share the lock',
    ],
    [
      seen.sleeps,
      'queued, not spinning',
      <span key="q" className="swatch asleep" />,
      'How many wait for the lock asleep, in the lane below its owners',
    ],
    [
      seen.marks[MarkKind.STEAL] === true,
      'stolen',
      <Wedge key="s" points="0,0 8,0 4.5,6 3.5,6" />,
      'Somebody took the lock past others who were waiting',
    ],
    [
      seen.marks[MarkKind.HANDOVER] === true,
      'handed over',
      <Wedge key="h" points="0,6 8,6 4.5,0 3.5,0" />,
      'Whoever let go gave the lock to the first in the queue',
    ],
    [
      seen.marks[MarkKind.DEMAND] === true,
      'demanded',
      <span key="d" className="mark demand" />,
      'The first in the queue has waited so long that nobody may pass it',
    ],
    [
      seen.marks[MarkKind.REFILL] === true,
      'list refilled',
      <Angle key="f" points="0.5,0.5 4,5 7.5,0.5" paint="level" />,
      'Under the zone lock a CPU’s list took pages; marked where one is close enough to tell them apart',
    ],
    [
      seen.marks[MarkKind.DRAIN] === true,
      'drained',
      <Angle key="e" points="0.5,5.5 4,1 7.5,5.5" paint="level-high" />,
      'Under the zone lock a CPU’s list gave pages back; marked where one is close enough to tell them apart',
    ],
  ];
  const faults: [boolean, string, ReactNode, string][] = [
    [
      seen.odd,
      'odd count',
      <span key="q" className="swatch solid-hold-write" />,
      'A writer is at work: what is read under this sequence count is read in vain',
    ],
    [
      seen.grace,
      'grace period',
      <span key="g" className="swatch solid-level" />,
      'What was freed waits until all who may look at it have left',
    ],
  ];
  return [...all, ...faults].flatMap(([there, name, sign, says]) => (there ? [[name, sign, says]] : []));
}

/** What colours, hatches and marks mean, as far as the run has them. */
export function Legend(): ReactNode {
  const pyramid = useApp((s) => s.pyramid);
  const revision = useApp((s) => s.revision);
  const seen = useMemo(() => {
    // The pyramid is one object that grows: its revision says that there is more in it.
    void revision;
    return pyramid?.occurring() ?? null;
  }, [pyramid, revision]);
  return (
    <div className="legend">
      <ul aria-label="Legend: threads">
        {STATES.filter(([state]) => seen?.states[state]).map(([state, name, says]) => (
          <li key={state} {...tip(says)}>
            <Swatch state={state} />
            {name}
          </li>
        ))}
        {seen?.marks[MarkKind.ABORT] === true && (
          <li {...tip('A fault without mmap_sem found that something had changed, and began anew')}>
            <Angle points="1.5,0.5 6.5,5.5 4,3 6.5,0.5 1.5,5.5" paint="fg" />
            aborted
          </li>
        )}
      </ul>
      <ul aria-label="Legend: locks">
        {(seen === null ? [] : lockEntries(seen)).map(([name, sign, says]) => (
          <li key={name} {...tip(says)}>
            {sign}
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
