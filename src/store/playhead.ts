import type { Move, Request, Response } from '../worker/protocol.ts';
import { axisNs } from './derive.ts';
import { follow } from './range.ts';
import type { GetState, PlayheadSlice, SetState } from './state.ts';

/** Playback at speed 1 takes this long for the whole extent, in ms of the reader's time. */
export const EXTENT_MS = 20_000;

/** Simulated ns per ms of the reader's time. */
export function playRate(extentNs: number, speed: number): number {
  return (extentNs / EXTENT_MS) * speed;
}

type MomentResponse = Extract<Response, { type: 'moment' }>;
type RecordsResponse = Extract<Response, { type: 'records' }>;

/** Records that are shown before and behind the playhead. */
const BEFORE = 5;
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

  function start(move: Move): void {
    following = move.to !== 'time' || get().playing;
    asked = move.to === 'time' ? move.t : null;
    const outstanding = ++seq;
    set({ outstanding, queued: null });
    send({ type: 'move', run: get().run, seq: outstanding, move });
  }

  function ask(move: Move): void {
    const { phase, info } = get();
    if (info === null || phase === 'building' || phase === 'refused' || phase === 'failed') return;
    if (get().outstanding === null) start(move);
    else set({ queued: move });
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
    // Nothing changes from the last record to the time that was asked for: the playhead stands where it was put.
    const { t: recorded } = response.moment;
    const t = asked === null ? recorded : Math.max(recorded, Math.min(asked, endNs()));
    const moment = { ...response.moment, t };
    set({ moment, record, ordinal, outstanding: null });
    const { range } = get();
    if (range !== null && following) {
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
    const from = Math.max(0, event - BEFORE);
    send({ type: 'records', run: get().run, seq: lookSeq, from, to: event + BEHIND });
  }

  function tookRecords(response: RecordsResponse): void {
    if (response.seq !== lookSeq) return;
    lookSeq = 0;
    set({ nearby: response.records });
  }

  /** How far one may play: what has been recorded by now. */
  function endNs(): number {
    const { progress, pyramid } = get();
    return Math.max(progress?.now ?? 0, pyramid?.endNs ?? 0);
  }

  const slice: PlayheadSlice = {
    moment: null,
    record: null,
    ordinal: 0,
    nearby: [],
    outstanding: null,
    queued: null,
    destination: null,
    touched: false,
    playing: false,
    speed: 1,
    playedNs: 0,
    move: (move) => {
      set({ playing: false, touched: true });
      ask(move);
    },
    play: () => {
      const { moment, info } = get();
      if (info === null || moment === null) return;
      const atEnd = moment.t >= endNs();
      set({ playing: true, touched: true, playedNs: atEnd ? 0 : moment.t });
    },
    stop: () => {
      const { playing, playedNs } = get();
      if (!playing) return;
      set({ playing: false });
      ask({ to: 'time', t: Math.round(playedNs) });
    },
    setSpeed: (speed) => set({ speed }),
    tick: (ms) => {
      const { playing, playedNs, info, speed, outstanding, phase } = get();
      if (!playing || info === null) return;
      // A tab that slept must not jump.
      const t = playedNs + Math.min(ms, 100) * playRate(info.meta.extentNs, speed);
      const end = endNs();
      if (t < end) {
        set({ playedNs: t });
        if (outstanding === null) start({ to: 'time', t: Math.round(t) });
        return;
      }
      set({ playedNs: end });
      if (phase !== 'ended' && phase !== 'paused') return;
      set({ playing: false });
      ask({ to: 'end' });
    },
  };
  return { slice, took, tookRecords };
}
