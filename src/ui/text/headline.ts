import type { DurationReport, LockReport, LongestReport, LongestWaitReport } from '../../trace/index.ts';

/** What the large figures of a run say of locks. */
export interface Headline {
  /** 'mmap_sem', 'zone_lock ×4'. */
  readonly label: string;
  /** It is held, and waited for, to read or to write. */
  readonly modes: boolean;
  /** The longest hold, to write where there are modes. */
  readonly hold: Pick<DurationReport<LongestReport>, 'max' | 'maxNs'>;
  /** The longest wait, and how many there were. */
  readonly wait: Pick<DurationReport<LongestWaitReport>, 'max' | 'maxNs' | 'count'>;
  /** The waits are those of readers. */
  readonly reads: boolean;
}

function waitNs({ read, write }: LockReport): number {
  return read.wait.totalNs + write.wait.totalNs;
}

/** 'zone_lock' of 'zone_lock/1': there is one for each node, or each address space. */
function baseOf(name: string): string {
  return name.split('/', 1)[0] ?? name;
}

function longest<T>(
  of: readonly Pick<DurationReport<T>, 'max' | 'maxNs'>[],
): Pick<DurationReport<T>, 'max' | 'maxNs'> {
  return of.reduce((most, one) => ((one.maxNs ?? -1) > (most.maxNs ?? -1) ? one : most), {
    max: null,
    maxNs: null,
  });
}

/**
 * Those of one name that threads waited for longest in all; where nobody waits, the first lock that anybody took, which
 * is the process-wide one unless nobody ever took that.
 */
function mainLocks(locks: readonly LockReport[]): LockReport[] {
  const groups = new Map<string, { ns: number; locks: LockReport[] }>();
  for (const lock of locks) {
    const ns = waitNs(lock);
    if (ns === 0) continue;
    const group = groups.get(baseOf(lock.id)) ?? { ns: 0, locks: [] };
    groups.set(baseOf(lock.id), { ns: group.ns + ns, locks: [...group.locks, lock] });
  }
  const [most] = [...groups.values()].sort((a, b) => b.ns - a.ns);
  if (most !== undefined) return most.locks;
  const known = locks.filter(({ id }) => id !== 'ptl');
  const first = known.find(({ read, write }) => read.acquired + write.acquired > 0) ?? known[0];
  return first === undefined ? [] : [first];
}

/** The locks that the figures of a run are about, and what those say; null before anything is known of any. */
export function headline(all: readonly LockReport[]): Headline | null {
  const locks = mainLocks(all);
  const [first] = locks;
  if (first === undefined) return null;
  const modes = first.kind.startsWith('rw');
  const waits = (mode: 'read' | 'write'): number =>
    locks.reduce((sum, lock) => sum + lock[mode].wait.count, 0);
  // The victims are readers, unless none of them had to wait.
  const reads = modes && !(waits('read') === 0 && waits('write') > 0);
  const mode = reads ? 'read' : 'write';
  return {
    label: locks.length > 1 ? `${baseOf(first.label)} ×${locks.length}` : first.label,
    modes,
    hold: longest(locks.map(({ write }) => write.hold)),
    wait: { ...longest(locks.map((lock) => lock[mode].wait)), count: waits(mode) },
    reads,
  };
}
