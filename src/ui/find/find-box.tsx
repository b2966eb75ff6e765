import type { ReactNode } from 'react';
import { useApp } from '../app-store.ts';
import { useParts } from '../late.ts';

/** The find box, once it is asked for. */
export function FindBox(): ReactNode {
  const open = useApp((s) => s.findOpen);
  const parts = useParts(open);
  return open && parts !== null ? <parts.FindDialog /> : null;
}
