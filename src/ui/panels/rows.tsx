import type { ReactNode } from 'react';
import { app } from '../app-store.ts';
import { brief } from '../text/why.ts';
import { tip } from '../tips/tip.ts';

/** What stands for a part that the moment does not have. */
export const MISSING = 'not recorded';

/** A name and what stands for it; marked where the last step changed it. */
export function Row({
  name,
  children,
  changed = false,
}: {
  readonly name: ReactNode;
  readonly children: ReactNode;
  readonly changed?: boolean | undefined;
}): ReactNode {
  return (
    <div className={changed ? 'row changed' : 'row'}>
      <dt>{name}</dt>
      <dd>
        {children}
        {changed && <span className="hidden">, changed by the last step</span>}
      </dd>
    </div>
  );
}

/** A thread's name that selects it. */
export function ThreadLink({ name }: { readonly name: string }): ReactNode {
  return (
    <button type="button" className="thread-link" onClick={() => app().select(name)}>
      {name}
    </button>
  );
}

/** Several names in little room, all of them on hover. */
export function Names({ names }: { readonly names: readonly string[] }): ReactNode {
  return <span {...tip(names.join(', '))}>{brief(names)}</span>;
}
