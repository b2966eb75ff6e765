import type { ReactNode } from 'react';
import type { Found } from '../../store/index.ts';

/** What following the run to a thing of a kind means. */
const UNTIL: Readonly<Record<Found['target']['kind'], string>> = {
  thread: 'Run until it blocks',
  lock: 'Run until it is contended',
  function: 'Run until it is called',
  line: 'Run until this line',
};

/** A label with the parts that match marked. */
function Marked({ label, spans }: Pick<Found, 'label' | 'spans'>): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of spans) {
    parts.push(label.slice(at, from), <mark key={from}>{label.slice(from, to)}</mark>);
    at = to;
  }
  return (
    <>
      {parts}
      {label.slice(at)}
    </>
  );
}

interface ResultProps {
  readonly id: string;
  readonly found: Found;
  readonly active: boolean;
  readonly onPoint: () => void;
  readonly onChoose: (follow: boolean) => void;
}

/** One thing that was found. The field keeps the focus and names the active one. */
export function Result({ id, found, active, onPoint, onChoose }: ResultProps): ReactNode {
  const { target, label, detail, spans } = found;
  const code = target.kind === 'line' || target.kind === 'function';
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
    <div
      role="option"
      id={id}
      className="find-result"
      aria-selected={active}
      onPointerMove={onPoint}
      onClick={(event) => onChoose((event.target as Element).closest('.find-follow') !== null)}
    >
      <span className="find-kind">{target.kind}</span>
      <span className={`find-label${code ? ' mono' : ''}`}>
        <Marked label={label} spans={spans} />
      </span>
      {/* What Shift Enter does, for the pointer. */}
      {active ? (
        <span className="button small find-follow" aria-hidden="true">
          {UNTIL[target.kind]}
        </span>
      ) : (
        <span className="find-detail">{detail}</span>
      )}
    </div>
  );
}
