import type { LockWord } from '../language/index.ts';

/** What the words of the vocabulary do to the lock they are given; words that only look at one are not here. */
export const lockWords: Readonly<Record<string, LockWord>> = {
  down_read: { does: 'take', mode: 'read' },
  down_read_killable: { does: 'take', mode: 'read', taken: 'zero' },
  down_read_trylock: { does: 'take', mode: 'read', taken: 'nonzero' },
  up_read: { does: 'give', mode: 'read' },
  down_write: { does: 'take', mode: 'write' },
  down_write_killable: { does: 'take', mode: 'write', taken: 'zero' },
  down_write_trylock: { does: 'take', mode: 'write', taken: 'nonzero' },
  up_write: { does: 'give', mode: 'write' },
  downgrade_write: { does: 'turn', mode: 'read' },
  mutex_lock: { does: 'take', mode: 'write' },
  mutex_lock_killable: { does: 'take', mode: 'write', taken: 'zero' },
  mutex_trylock: { does: 'take', mode: 'write', taken: 'nonzero' },
  mutex_unlock: { does: 'give', mode: 'write' },
  spin_lock: { does: 'take', mode: 'write' },
  spin_trylock: { does: 'take', mode: 'write', taken: 'nonzero' },
  spin_unlock: { does: 'give', mode: 'write' },
  read_lock: { does: 'take', mode: 'read' },
  read_unlock: { does: 'give', mode: 'read' },
  write_lock: { does: 'take', mode: 'write' },
  write_unlock: { does: 'give', mode: 'write' },
  // A VMA's reference count, which is its lock in 6.15: the VMA stands for it.
  vma_refcount_get: { does: 'take', mode: 'read', taken: 'zero' },
  vma_refcount_put: { does: 'give', mode: 'read' },
  vma_enter_locked: { does: 'take', mode: 'write' },
  vma_exit_locked: { does: 'give', mode: 'write' },
};
