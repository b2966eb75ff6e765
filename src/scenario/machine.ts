import { assumed, cpuCount, type Machine, type Sourced, TOPOLOGY, TRANSFERS } from '../kernel/index.ts';
import { type Place, parseNumber } from '../language/index.ts';

/** The value of a setting and where it was said; undefined where nobody said anything. */
export type Said = (key: string) => { readonly value: string; readonly place: Place } | undefined;

/** A machine with numbers in place of its own, and those by setting; or what is wrong, and where it was said. */
export type Changed =
  | { readonly machine: Machine; readonly given: Readonly<Record<string, number>> }
  | { readonly place: Place; readonly message: string };

/** ns; no machine takes longer for a cache line. */
const MOST_TRANSFER = 100_000;
/** Logical CPUs of a machine. */
const MOST_CPUS = 1_024;

/** The machine with the transfer times that were said in place of its own, ns. */
export function withTransfers(machine: Machine, said: Said): Changed {
  const given: Record<string, number> = {};
  const line: Record<string, Sourced> = {};
  for (const [key, name] of Object.entries(TRANSFERS)) {
    const s = said(key);
    if (s === undefined) continue;
    const ns = parseNumber(s.value);
    if (ns === undefined || !(ns > 0 && ns <= MOST_TRANSFER))
      return { place: s.place, message: `${key} is a time from above 0 to 100us, not '${s.value}'` };
    given[key] = ns;
    line[name] = assumed(ns, 'set by who runs it');
  }
  if (Object.keys(given).length === 0) return { machine, given };
  return { machine: { ...machine, line: { ...machine.line, ...line } }, given };
}

/**
 * The machine with as many sockets, cores of each and threads of a core as were said in place of its own. All its other
 * numbers stay, its memory too: sockets share it.
 */
export function withTopology(machine: Machine, said: Said): Changed {
  const given: Record<string, number> = {};
  const numbers: Record<string, number> = {};
  let last: Place | undefined;
  for (const [key, { number, most }] of Object.entries(TOPOLOGY)) {
    const s = said(key);
    if (s === undefined) continue;
    // No units, no words: 'true' would be 1.
    const n = /^\d+$/.test(s.value) ? Number(s.value) : 0;
    if (n < 1 || n > most)
      return { place: s.place, message: `${key} is a whole number from 1 to ${most}, not '${s.value}'` };
    given[key] = n;
    numbers[number] = n;
    last = s.place;
  }
  if (last === undefined) return { machine, given };
  const changed: Machine = {
    ...machine,
    ...numbers,
    topologySource: `${machine.topologySource}; ${Object.keys(given).join(', ')} set by who runs it`,
  };
  const cpus = cpuCount(changed);
  if (cpus > MOST_CPUS) {
    const { sockets, coresPerSocket, threadsPerCore } = changed;
    const message = `sockets x cores x threadsPerCore (${sockets} x ${coresPerSocket} x ${threadsPerCore}) are ${cpus} CPUs, more than the ${MOST_CPUS} that a machine can have`;
    return { place: last, message };
  }
  return { machine: changed, given };
}
