import type { ReactNode } from 'react';
import { useApp } from '../app-store.ts';
import { percent } from '../text/numbers.ts';

/** How far a question about a range has got; nothing once it is answered, or as long as it has hardly begun. */
export function Far(): ReactNode {
  const done = useApp((s) => s.rangeDone);
  return (
    <span className="dim far" role="status">
      {done > 0 && done < 1 ? `${percent(done)} read…` : ''}
    </span>
  );
}
