import { useEffect, useMemo } from 'react';
import { type MechanismsView, mechanismsFragment, readMechanismsLink } from '../../store/mechanisms/index.ts';
import { app, useApp } from '../app-store.ts';

/** How the table is shown, as its link says. What of a link cannot be used is told. */
export function useView(): MechanismsView {
  const link = useApp((s) => s.mechanismsLink);
  const { view, problem } = useMemo(() => readMechanismsLink(link), [link]);
  useEffect(() => {
    if (problem !== null) app().notify({ tone: 'error', text: problem });
  }, [problem]);
  return view;
}

/** Shows the table otherwise; the link follows. */
export function changeView(change: Partial<MechanismsView>): void {
  const { view } = readMechanismsLink(app().mechanismsLink);
  app().showMechanisms(mechanismsFragment({ ...view, ...change }));
}
