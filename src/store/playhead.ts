import type { Move, Request, Response } from '../worker/protocol.ts';
import { axisNs } from './derive.ts';
import { follow } from './range.ts';
import type { GetState, PlayheadSlice, SetState } from './state.ts';
import { stopLine } from './stop-line.ts';

/** Playback at speed 1 takes this long for the whole extent, in ms of the reader's time. */
export const EXTENT_MS = 20_000;

/** Simulated ns per ms of the reader's time. */
export function playRate(extentNs: number, speed: number): number {
  return (extentNs / EXTENT_MS) * speed;
}

type MomentResponse = Extract<Response, { type: 'moment' }>;
type RecordsResponse = Extract<Response, { type: 'records' }>;

/** Records that are looked up before the playhead (a step may have written many) and behind it. */
const BEFORE = 40;
const BEHIND = 7;

export interface Playhead {
  readonly slice: PlayheadSlice;
  /** Takes in the answer to a move. */
  readonly took: (response: MomentResponse) => void;
  /** Takes in the records around the playhead. */
  readonly tookRecords: (response: RecordsResponse) => void;
}

export function playhead(set: SetState, get: GetState, send: (request: Request) => void): Playhead {
  let seq = 0;
  /** Number of the latest request for records, 0 when it was answered. */
  let lookSeq = 0;
  /** Whether the screen goes along: a place that was pointed at is on it, one that was asked for may not be. */
  let following = false;
  /** The time that the move under way asks for; null when it names a record. */
  let asked: number | null = null;
  /** Where playback by events has got to; the playhead stands at the end of a step, which may be a bit further. */
  let played = 0;

  function start(move: Move): void {
    following = move.to !== 'time' || get().playing;
    asked = move.to === 'time' ? move.t : null;
    const outstanding = ++seq;
    set({ outstanding, queued: null, asked: move, searching: null, deadEnd: null });
    send({ type: 'move', run: get().run, seq: outstanding, move });
  }

  function ask(move: Move): void {
    const { phase, info } = get();
    if (info === null || phase === 'building' || phase === 'refused' || phase === 'failed') return;
    if (get().outstanding === null) start(move);
    else {
      set({ queued: move });
      // A search may take long; what comes instead of it should not.
      if (get().searching !== null) cancel();
    }
  }

  function cancel(): void {
    const { outstanding, run } = get();
    if (outstanding !== null) send({ type: 'cancel', run, seq: outstanding });
  }

  /** The same nanosecond may hold many records: goes on to the one that a link named. */
  function settle(response: MomentResponse): Move | null {
    const { destination } = get();
    if (destination === null) return null;
    set({ destination: null });
    const off = destination.ordinal - response.ordinal;
    if (response.moment.t !== destination.t || off === 0) return null;
    return { to: 'event', event: Math.max(0, response.moment.event + off) };
  }

  function took(response: MomentResponse): void {
    const { record, ordinal } = response;
    if (get().outstanding !== response.seq) return;
    const here = get().moment;
    if (!response.moved && here !== null) {
      const { asked: move, queued } = get();
      const why = response.unmoved ?? 'nothing';
      const deadEnd = move === null || queued !== null ? null : { move, why };
      set({ outstanding: null, searching: null, deadEnd });
      if (queued !== null) start(queued);
      return;
    }
    // Nothing changes from the last record to the time that was asked for: the playhead stands where it was put.
    const { t: recorded } = response.moment;
    const t = asked === null ? recorded : Math.max(recorded, Math.min(asked, endNs()));
    const moment = { ...response.moment, t };
    set({ moment, record, ordinal, outstanding: null, searching: null });
    if (get().playing && get().speedUnit === 'events') set({ playedNs: t });
    const { range } = get();
    // Where the page itself begins, a span that a link brought stays as it is.
    if (range !== null && following && get().touched) {
      const next = follow(range, moment.t, axisNs(get()));
      if (next !== range) set({ range: next });
    }
    const next = get().queued ?? settle(response);
    if (next !== null) start(next);
    else if (!get().playing) look(moment.event);
  }

  /** Asks for the records around a place where the playhead came to rest. */
  function look(event: number): void {
    lookSeq = ++seq;
    set({ looking: true });
    const from = Math.max(0, event - BEFORE);
    send({ type: 'records', run: get().run, seq: lookSeq, from, to: event + BEHIND });
  }

  function tookRecords(response: RecordsResponse): void {
    if (response.seq !== lookSeq) return;
    lookSeq = 0;
    set({ nearby: response.records, looking: false });
  }

  /** How far one may play: what has been recorded by now. */
  function endNs(): number {
    const { progress, pyramid } = get();
    return Math.max(progress?.now ?? 0, pyramid?.endNs ?? 0);
  }

  /** Playback has got to the end: it stops there, unless the run goes on. */
  function playedOut(): void {
    const { phase, speedUnit } = get();
    const over = phase === 'ended' || phase === 'paused';
    if (over || speedUnit === 'time') set({ playedNs: endNs() });
    if (!over) return;
    set({ playing: false });
    ask({ to: 'end' });
  }

  function tickTime(ms: number, extent: number): void {
    const { playedNs, speed, outstanding } = get();
    const t = playedNs + ms * playRate(extent, speed);
    if (t >= endNs()) {
      playedOut();
      return;
    }
    set({ playedNs: t });
    if (outstanding === null) start({ to: 'time', t: Math.round(t) });
  }

  function tickEvents(ms: number): void {
    const { eventRate, outstanding, moment, progress } = get();
    const total = progress?.events ?? 0;
    const here = moment?.event ?? 0;
    // No further ahead than the answers come.
    if (outstanding === null) played = Math.max(played, here) + (ms / 1_000) * eventRate;
    if (outstanding !== null || Math.floor(played) <= here) return;
    if (played >= total) {
      played = total;
      playedOut();
    } else start({ to: 'event', event: Math.floor(played) });
  }

  const slice: PlayheadSlice = {
    moment: null,
    record: null,
    ordinal: 0,
    nearby: [],
    looking: false,
    outstanding: null,
    queued: null,
    asked: null,
    searching: null,
    deadEnd: null,
    destination: null,
    touched: false,
    playing: false,
    speed: 1,
    speedUnit: 'time',
    eventRate: 10,
    playedNs: 0,
    move: (move) => {
      set({ playing: false, touched: true });
      ask(move);
    },
    cancelMove: () => {
      set({ queued: null });
      cancel();
    },
    runUntil: (condition, by = 1) => {
      const { info, move, notify } = get();
      if (info === null) return;
      if (condition.on !== 'line') {
        move({ to: 'until', by, condition });
        return;
      }
      const { file, line: wanted } = condition;
      const line = stopLine(info, file, wanted);
      const place = `${file}:${wanted}`;
      if (line === null) {
        notify({
          tone: 'info',
          text: `No thread can be stopped at ${place}: nothing there or behind it changes anything.`,
        });
        return;
      }
      if (line !== wanted) {
        notify({
          tone: 'info',
          text: `Nothing at ${place} changes anything: line ${line} is the next at which a run can stop.`,
        });
      }
      move({ to: 'until', by, condition: { ...condition, line } });
    },
    play: () => {
      const { moment, info, searching } = get();
      if (info === null || moment === null) return;
      if (searching !== null) cancel();
      const atEnd = moment.t >= endNs();
      played = atEnd ? 0 : moment.event;
      set({ playing: true, touched: true, playedNs: atEnd ? 0 : moment.t });
      if (atEnd && get().speedUnit === 'events') ask({ to: 'start' });
    },
    stop: () => {
      const { playing, playedNs } = get();
      if (!playing) return;
      set({ playing: false });
      ask({ to: 'time', t: Math.round(playedNs) });
    },
    setSpeed: (speed) => set({ speed }),
    setEventRate: (eventRate) => set({ eventRate }),
    setSpeedUnit: (speedUnit) => {
      const { moment, playing } = get();
      played = moment?.event ?? 0;
      set(playing && moment !== null ? { speedUnit, playedNs: moment.t } : { speedUnit });
    },
    tick: (ms) => {
      const { playing, info, speedUnit } = get();
      if (!playing || info === null) return;
      // A tab that slept must not jump.
      const passed = Math.min(ms, 100);
      if (speedUnit === 'time') tickTime(passed, info.meta.extentNs);
      else tickEvents(passed);
    },
  };
  return { slice, took, tookRecords };
}
