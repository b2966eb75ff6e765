import {
  Flag,
  indexOf,
  isAbort,
  Kind,
  mmOf,
  NO_THREAD,
  type Ns,
  type ObjectId,
  objectName,
  type TraceMeta,
} from '../event/index.ts';
import { addressText, type EventText, members, place, us } from './chrome-text.ts';
import { lockTitle } from './chrome-threads.ts';

/** Category and args of a mark. */
function markText(cat: string, ...args: readonly string[]): string {
  return `"cat":"${cat}","args":{${members(...args)}}`;
}

/** Things that happen at one moment: steals, hand-overs, demands, aborts, VMA changes, TLB flushes, violations. */
export class Marks {
  readonly #out: EventText;
  readonly #meta: TraceMeta;
  readonly #where: (thread: number) => string;
  readonly #threads: number;

  constructor(out: EventText, meta: TraceMeta, where: (thread: number) => string) {
    this.#out = out;
    this.#meta = meta;
    this.#where = where;
    this.#threads = meta.threads.length;
  }

  /** Writes the marks of a record, if it leaves any. */
  record(t: Ns, kind: number, thread: number, object: ObjectId, arg: number, flags: number): void {
    switch (kind) {
      case Kind.LOCK_GRANT:
        if ((flags & Flag.STEAL) !== 0) this.#lock(t, thread, 'steal', object, flags);
        if ((flags & Flag.HANDOFF) !== 0) this.#lock(t, thread, 'hand-over', object, flags);
        break;
      case Kind.LOCK_DEMAND:
        this.#lock(t, thread, 'demand', object, flags);
        break;
      case Kind.LOCK_TRY_FAIL:
        this.#lock(t, thread, 'trylock failed', object, flags);
        break;
      case Kind.FAULT_EXIT:
        if ((flags & Flag.FAIL) !== 0) {
          this.#put(t, thread, object, 'SIGSEGV', markText('fault', `"address":${addressText(arg)}`));
        }
        break;
      case Kind.TLB_FLUSH:
        this.#put(t, thread, object, 'TLB flush', markText('mm', `"interrupted_cpus":${arg}`));
        break;
      case Kind.VIOLATION: {
        const sentence = this.#meta.invariants[indexOf(object)]?.sentence ?? '';
        const address = arg === 0 ? '' : `"address":${addressText(arg)}`;
        const args = markText('violation', `"sentence":${JSON.stringify(sentence)}`, address);
        this.#put(t, thread, object, `violation ${objectName(object, this.#meta)}`, args);
        break;
      }
      case Kind.DEADLOCK:
        this.#put(t, thread, object, 'deadlock', markText('violation', this.#named('lock', object)));
        break;
      case Kind.HUNG:
        this.#put(t, thread, object, 'hung task', markText('violation', this.#named('lock', object)));
        break;
      case Kind.COUNTER:
        if (isAbort(objectName(object, this.#meta)))
          this.#put(t, thread, object, 'abort', markText('fault', this.#named('reason', object)));
        break;
      case Kind.GRACE_BEGIN:
        this.#put(t, thread, object, 'grace period begins', markText('mm', this.#named('of', object)));
        break;
      case Kind.GRACE_END:
        this.#put(t, thread, object, 'grace period ends', markText('mm', this.#named('of', object)));
        break;
      default:
        this.#vma(t, kind, thread, object, arg);
    }
  }

  #named(key: string, object: ObjectId): string {
    return `"${key}":${JSON.stringify(objectName(object, this.#meta))}`;
  }

  #lock(t: Ns, thread: number, what: string, lock: ObjectId, flags: number): void {
    const name = `${what} ${lockTitle(lock, (flags & Flag.WRITE) !== 0, this.#meta)}`;
    this.#put(t, thread, lock, name, markText('lock', this.#named('lock', lock)));
  }

  #vma(t: Ns, kind: number, thread: number, object: ObjectId, arg: number): void {
    const put = (what: string, more: string): void => {
      this.#put(t, thread, object, `VMA ${what}`, markText('mm', this.#named('vma', object), more));
    };
    if (kind === Kind.VMA_LINK) put('link', `"address":${addressText(arg)}`);
    else if (kind === Kind.VMA_LENGTH) put('length', `"pages":${arg}`);
    else if (kind === Kind.VMA_FLAGS) put('flags', `"flags":"0x${arg.toString(16)}"`);
    else if (kind === Kind.VMA_DETACH) put('detach', `"address":${addressText(arg)}`);
    else if (kind === Kind.VMA_FREE) put('free', '');
  }

  /** What no thread did stands on the process of its mm. */
  #put(t: Ns, thread: number, object: ObjectId, name: string, rest: string): void {
    const known = thread !== NO_THREAD && thread < this.#threads;
    const mm = this.#meta.mms.length > 1 ? Math.min(mmOf(object), this.#meta.mms.length - 1) : 0;
    const where = known ? this.#where(thread) : place(1 + mm);
    const scope = known ? 't' : 'p';
    this.#out.add(`"ph":"I","s":"${scope}","name":${JSON.stringify(name)},${where},"ts":${us(t)},${rest}`);
  }
}
