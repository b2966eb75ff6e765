/** Published measurements, each beside the experiment that measures the same. */
export * from './figure.ts';
export { isPageFault1, measurePageFault1, type PageFaultPoint, PageFaultRun } from './page-fault1.ts';
export { type Prediction, PredictionRun, predict } from './prediction.ts';
export type { EvidenceRecord, Published, RunReport } from './record.ts';
export { records } from './records.ts';
export { isAbortReason, type Workload, windowOf, workloadOf, workloads } from './workloads.ts';
