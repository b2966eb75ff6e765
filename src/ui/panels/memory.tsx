import type { ReactNode } from 'react';
import { Class, classOf, type Moment, mmOf, objectId, type TraceMeta } from '../../event/index.ts';
import type { Changed } from '../../store/index.ts';
import { count, pageBytes } from '../text/numbers.ts';
import { Row } from './rows.tsx';

export function rssChanged(changed: Changed, mm: number): boolean {
  return changed.objects.has(objectId(Class.MM, mm));
}

export function pagesChanged(changed: Changed, mm: number): boolean {
  return [...changed.pages].some(([table, by]) => by !== 0 && mmOf(table) === mm);
}

/** A number of pages, and how much that is. */
function Pages({ pages }: { readonly pages: number }): ReactNode {
  return (
    <>
      {count(pages)}
      <span className="hidden"> pages</span> · <span className="whole">{pageBytes(pages)}</span>
    </>
  );
}

/** What an address space comes to: the RSS counter, what its page tables hold, its VMAs. */
export function Memory(props: {
  readonly moment: Moment;
  readonly mm: number;
  readonly meta: TraceMeta;
  readonly changed: Changed;
}): ReactNode {
  const { moment, mm, meta, changed } = props;
  const figures = moment.mms?.find((m) => m.mm === mm);
  const vmas = moment.vmas?.filter((vma) => vma.mm === mm);
  if (figures === undefined && vmas === undefined) return null;
  const detached = vmas?.filter((vma) => vma.detached).length ?? 0;
  const dead = vmas?.filter(({ flags }) => flags.includes('VM_DEAD')).length ?? 0;
  const linked = [...changed.objects].some((id) => classOf(id) === Class.VMA && mmOf(id) === mm);
  return (
    <>
      <h2>Memory{meta.mms.length > 1 && ` of ${meta.mms[mm] ?? mm}`}</h2>
      <dl className="rows">
        {figures !== undefined && (
          <>
            <Row name="RSS" changed={rssChanged(changed, mm)}>
              <Pages pages={figures.rssPages} />
            </Row>
            <Row name="present" changed={pagesChanged(changed, mm)}>
              <Pages pages={figures.presentPages} />
            </Row>
          </>
        )}
        {vmas !== undefined && (
          <Row name="VMAs" changed={linked}>
            {count(vmas.length)}
            {detached > 0 && ` · ${count(detached)} detached`}
            {dead > 0 && ` · ${count(dead)} VM_DEAD`}
          </Row>
        )}
      </dl>
    </>
  );
}

/** Counters and shared variables of the document, if it has any. */
export function Counters({
  moment,
  changed,
}: {
  readonly moment: Moment;
  readonly changed: Changed;
}): ReactNode {
  const { counters = [], vars = [] } = moment;
  if (counters.length + vars.length === 0) return null;
  return (
    <>
      <h2>{counters.length === 0 ? 'Shared variables' : 'Counters'}</h2>
      <dl className="rows mono">
        {counters.map(({ name, value }, i) => (
          // The first name of the table of counters stands for none.
          <Row key={name} name={name} changed={changed.objects.has(objectId(Class.COUNTER, i + 1))}>
            {count(value)}
          </Row>
        ))}
        {vars.map(({ name, value }, i) => (
          <Row key={name} name={name} changed={changed.objects.has(objectId(Class.VAR, i))}>
            {count(value)}
          </Row>
        ))}
      </dl>
    </>
  );
}
