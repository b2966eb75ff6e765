import type { ReactNode } from 'react';
import { type BatchForm, batchMachines, isQuickLook, type Series } from '../../store/experiments/index.ts';
import { Mark } from './chart-marks.tsx';

/** What is drawn how, and on which machine. */
export function Key({ form, series }: { readonly form: BatchForm; readonly series: Series }): ReactNode {
  const title = batchMachines.find(({ id }) => id === form.machine)?.title ?? form.machine;
  return (
    <div className="chart-key">
      <span className="chart-key-machine">{title}</span>
      <span className="chart-key-item">
        <svg width="26" height="12" aria-hidden="true">
          <path className="curve" d="M1 6H25" />
          <Mark shape="circle" x={13} y={6} />
        </svg>
        simulated{form.seeds > 1 && ', median; bar: all seeds'}
      </span>
      {series.published.length > 0 && (
        <span className="chart-key-item">
          <svg width="12" height="12" aria-hidden="true">
            <Mark shape="diamond" x={6} y={6} hollow />
          </svg>
          published, commit d8a759b57035
        </span>
      )}
      {isQuickLook(form) && <span className="chart-key-quick">not the published workload</span>}
    </div>
  );
}
