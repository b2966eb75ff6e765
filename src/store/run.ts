import { PyramidReader } from '../trace/index.ts';
import type { Progress, Request, Response } from '../worker/protocol.ts';
import { axisNs } from './derive.ts';
import { openingMove } from './opening.ts';
import type { GetState, Phase, RunSlice, SetState } from './state.ts';

function phaseAfter(progress: Progress, phase: Phase): Phase {
  if (progress.ended) return 'ended';
  return phase === 'paused' ? 'paused' : 'running';
}

export function runSlice(
  set: SetState,
  get: GetState,
  send: (request: Request) => void,
  took: (response: Extract<Response, { type: 'moment' }>) => void,
  tookRecords: (response: Extract<Response, { type: 'records' }>) => void,
): RunSlice {
  /** Goes where the link or the earlier run stood, once there is something recorded there. */
  function arrive(): void {
    const { destination, progress, phase } = get();
    if (destination === null || progress === null) return;
    if (progress.now >= destination.t || phase === 'ended') get().move({ to: 'time', t: destination.t });
  }

  /** The run whose opening move goes to a finding: the thread that is found there is then selected. */
  let openingAt = 0;

  function select(thread: number | undefined): void {
    const name = get().info?.meta.threads[thread ?? -1]?.name;
    if (name !== undefined && get().selected === null) set({ selected: name });
  }

  /** Chooses where a reader who has not moved yet begins: where there is something to see. */
  function open(): void {
    const { touched, destination, report, findings, info } = get();
    if (touched || destination !== null || report === null || info === null) return;
    const opening = openingMove(report, findings, info.meta, axisNs(get()));
    if (opening === null) return;
    get().move(opening.move);
    // The page moved, not the reader.
    set({ touched: false });
    if (opening.thread === null) openingAt = get().run;
    if (get().selected === null && opening.thread !== null) set({ selected: opening.thread });
    if (opening.range !== null && !get().zoomed) set({ range: opening.range });
  }

  /** A run that breaks or deadlocks is shown with its explanation, unless the reader looks at something else. */
  function tellFindings(): void {
    const { findings, drawerChosen, askCauses } = get();
    const first = findings[0];
    if (!drawerChosen) set({ drawer: first === undefined ? 'run' : 'why' });
    if (first !== undefined) askCauses([...first.causes, first.event]);
  }

  function receive(response: Response): void {
    if (response.run !== get().run) return;
    switch (response.type) {
      case 'ready':
        set({
          phase: 'running',
          info: response.info,
          pyramid: new PyramidReader(response.info.meta),
          revision: get().revision + 1,
          report: null,
          moment: null,
          record: null,
          nearby: [],
          lastGood: get().experiment,
        });
        if (get().destination === null) {
          get().move({ to: 'start' });
          set({ touched: false });
        }
        break;
      case 'progress': {
        get().pyramid?.apply(response.pyramid);
        const phase = phaseAfter(response.progress, get().phase);
        set({ progress: response.progress, phase, revision: get().revision + 1 });
        arrive();
        break;
      }
      case 'report':
        set({ report: response.report, findings: response.findings, hash: response.hash });
        if (response.hash !== null) {
          open();
          tellFindings();
        }
        break;
      case 'moment':
        took(response);
        if (openingAt !== get().run || get().outstanding !== null) break;
        openingAt = 0;
        select(response.record?.thread);
        break;
      case 'check': {
        const { trial } = get();
        if (trial === null || trial.seq !== response.seq) break;
        const [wrong] = response.diagnostics;
        get().settleTrial(wrong?.message ?? null);
        break;
      }
      case 'refused':
        set({
          phase: 'refused',
          diagnostics: response.diagnostics,
          info: null,
          pyramid: null,
          moment: null,
          record: null,
          nearby: [],
          report: null,
        });
        break;
      case 'failed':
        get().settleTrial(response.message, true);
        set({
          phase: 'failed',
          failure: response.message,
          playing: false,
          outstanding: null,
          queued: null,
          searching: null,
          looking: false,
        });
        break;
      case 'searching':
        if (response.seq === get().outstanding) {
          set({ searching: { event: response.event, waiting: response.waiting } });
        }
        break;
      case 'records':
        tookRecords(response);
        break;
    }
  }

  return {
    run: 0,
    phase: 'building',
    info: null,
    progress: null,
    pyramid: null,
    revision: 0,
    report: null,
    findings: [],
    hash: null,
    diagnostics: [],
    failure: null,
    pauseRun: () => {
      if (get().phase !== 'running') return;
      set({ phase: 'paused' });
      send({ type: 'pause', run: get().run });
    },
    resumeRun: () => {
      if (get().phase !== 'paused') return;
      set({ phase: 'running' });
      send({ type: 'resume', run: get().run });
    },
    receive,
  };
}
