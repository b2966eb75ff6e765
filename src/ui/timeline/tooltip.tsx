import type { ReactNode } from 'react';
import type { Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import { useApp } from '../app-store.ts';
import { clock } from '../text/time.ts';
import { GUTTER, RIGHT, timeAt } from './geometry.ts';
import { hoverText, type Target } from './hover.ts';

/** How far from a mark the pointer may be, px. */
const MARK_SLACK: Px = 4.5;

export interface TooltipProps {
  readonly target: Target;
  /** The pointer, px in the timeline. */
  readonly x: Px;
  readonly y: Px;
  readonly width: Px;
  readonly height: Px;
  readonly range: Range;
  readonly locksTop: Px;
}

/** What the pointer is over, in words. */
export function Tooltip(props: TooltipProps): ReactNode {
  const { target, x, y, width, height, range, locksTop } = props;
  const pyramid = useApp((s) => s.pyramid);
  const info = useApp((s) => s.info);
  if (pyramid === null || info === null) return null;
  const t = timeAt(x, width, range);
  const perPixel = (range.to - range.from) / Math.max(1, width - GUTTER - RIGHT);
  const hover = hoverText(target, t, MARK_SLACK * perPixel, pyramid, info.meta, perPixel);
  if (hover === null) return null;
  // Lanes of locks are low and stand close: what is pointed at must not be covered.
  const above = target.kind === 'lock' || target.kind === 'area' || y + 60 > height;
  return (
    <div
      className="tooltip"
      style={{
        left: Math.min(x + 14, width - 300),
        ...(above ? { bottom: height - Math.min(y - 12, locksTop - 2) } : { top: y + 16 }),
      }}
    >
      <b>{hover.title}</b> <span className="dim">{clock(t, range.to)}</span>
      <br />
      {hover.text}
      {hover.marked.map((text, i) => (
        <div key={text} className={i === 0 ? 'marked' : 'dim'}>
          {text}
        </div>
      ))}
    </div>
  );
}
