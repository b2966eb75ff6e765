import type { MeasureRequest, MeasureResponse } from './experiment-protocol.ts';
import { measure, Refused } from './measure.ts';

/** Time between two messages of progress, ms. */
const PROGRESS_MS = 100;

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

function answer({ task, run }: MeasureRequest): MeasureResponse {
  let told = performance.now();
  try {
    const measured = measure(run, (now, extentNs) => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      scope.postMessage({ type: 'progress', task, now, extentNs } satisfies MeasureResponse);
    });
    return { type: 'measured', task, measured };
  } catch (error) {
    if (error instanceof Refused) return { type: 'failed', task, message: error.message };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { type: 'failed', task, message: text };
  }
}

scope.onmessage = ({ data }: MessageEvent<MeasureRequest>) => scope.postMessage(answer(data));
