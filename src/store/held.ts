import type { SiteIdx } from '../event/index.ts';
import { Held } from '../language/holds.ts';
import type { ReadyInfo } from '../worker/protocol.ts';

/** What is held at a line: 'either' where it depends on the way that was taken. */
export interface LineHold {
  readonly mode: 'none' | 'read' | 'write' | 'either';
  readonly spin: 'none' | 'held' | 'either';
}

const MODES: Readonly<Record<number, LineHold['mode']>> = {
  [Held.NONE]: 'none',
  [Held.READ]: 'read',
  [Held.WRITE]: 'write',
};

/** Null for a line that no thread can come to. */
function holdOf(mask: number): LineHold | null {
  if (mask === 0) return null;
  const spins = mask & (Held.SPIN | Held.NO_SPIN);
  return {
    mode: MODES[mask & (Held.NONE | Held.READ | Held.WRITE)] ?? 'either',
    spin: spins === Held.SPIN ? 'held' : spins === Held.NO_SPIN ? 'none' : 'either',
  };
}

/**
 * What is held at the lines of a file, by line. In the call that `within` is a site of, what that call holds; elsewhere
 * what any call may hold.
 */
export function holdsByLine(
  info: Pick<ReadyInfo, 'meta' | 'held'>,
  file: string,
  within: SiteIdx | null,
): Map<number, LineHold> {
  const { sites } = info.meta;
  const call = within === null ? undefined : sites[within]?.parent;
  const any = new Map<number, number>();
  const here = new Map<number, number>();
  for (const [i, site] of sites.entries()) {
    const mask = info.held[i] ?? 0;
    if (site.file !== file || mask === 0) continue;
    any.set(site.line, (any.get(site.line) ?? 0) | mask);
    if (site.parent === call) here.set(site.line, mask);
  }
  const holds = new Map<number, LineHold>();
  for (const [line, mask] of any) {
    const hold = holdOf(here.get(line) ?? mask);
    if (hold !== null) holds.set(line, hold);
  }
  return holds;
}

/** The steps of each line of a file that takes several; in the call of `within` where it reaches the line. */
export function stepsByLine(
  info: Pick<ReadyInfo, 'meta' | 'steps'>,
  file: string,
  within: SiteIdx | null,
): Map<number, ReadyInfo['steps'][number]> {
  const { sites } = info.meta;
  const call = within === null ? undefined : sites[within]?.parent;
  const found = new Map<number, ReadyInfo['steps'][number]>();
  for (const steps of info.steps) {
    const site = sites[steps[0]?.site ?? 0];
    if (site?.file !== file) continue;
    if (site.parent === call || !found.has(site.line)) found.set(site.line, steps);
  }
  return found;
}
