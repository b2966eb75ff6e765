import { type ReactNode, useMemo } from 'react';
import { rowsOf, startExperiments } from '../../store/mechanisms/index.ts';
import { pageStore } from '../../store/page.ts';
import { useExperiments } from '../experiments/use-experiments.ts';
import { MechanismsBar } from './mechanisms-bar.tsx';
import { MechanismsTable } from './mechanisms-table.tsx';
import { MechanismsTools } from './mechanisms-tools.tsx';
import { useView } from './use-view.ts';
import '../styles/experiments.css';
import '../styles/mechanisms.css';

// Its runs are done, and kept, by the slice of experiments.
startExperiments(pageStore);

/** Every mechanism of the catalogue: what it holds, as measured here, what is said of it, and where to see it. */
export function MechanismsPage(): ReactNode {
  const view = useView();
  const outcomes = useExperiments((e) => e.outcomes);
  const asked = useExperiments((e) => e.asked);
  const underway = useExperiments((e) => e.underway);
  const rows = useMemo(() => rowsOf({ outcomes, asked, underway }), [outcomes, asked, underway]);
  return (
    <>
      <MechanismsBar />
      <main className="mechanisms">
        <MechanismsTools view={view} rows={rows} />
        <MechanismsTable view={view} rows={rows} />
      </main>
    </>
  );
}
