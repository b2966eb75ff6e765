import type { ReactNode } from 'react';
import { startExperiments } from '../../store/experiments/index.ts';
import { pageStore } from '../../store/page.ts';
import { BatchPanel } from './batch-panel.tsx';
import { EvidencePanel } from './evidence-panel.tsx';
import { ExperimentsBar } from './experiments-bar.tsx';
import { useExperiments } from './use-experiments.ts';
import '../styles/experiments.css';
import '../styles/batch-charts.css';
import '../styles/evidence.css';

// The slice begins with the first fetch of this page; what it has measured stays when the page is left.
startExperiments(pageStore);

/** The page of experiments: any batch on any machine, and published figures beside simulated ones. */
export function ExperimentsPage(): ReactNode {
  const part = useExperiments((e) => e.part);
  return (
    <>
      <ExperimentsBar />
      {part === 'batch' ? <BatchPanel /> : <EvidencePanel />}
    </>
  );
}
