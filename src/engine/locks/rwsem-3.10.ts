import type { RwsemModel } from './face.ts';
import { releases } from './releases.ts';
import {
  downRead,
  leaveList,
  queueWriter,
  tryRead,
  tryWoken,
  tryWrite,
  wakeHead,
  wasWoken,
} from './stealing.ts';

/**
 * The rwsem of Linux 3.9 to 3.15 (commits ce6711f3d196 and fe6e674c6187; facts locks, section 4b): writers steal. A
 * writer that runs takes a free lock past all who sleep for it; nobody spins. Readers and sleeping writers may starve.
 */
export const rwsem310: RwsemModel = {
  id: 'rwsem-3.10',
  readersTogether: false,
  downRead,
  downWrite(e, thread, lock, i) {
    if (wasWoken(e, thread)) tryWoken(e, thread, lock, i);
    else queueWriter(e, thread, lock, i, false);
  },
  tryRead,
  tryWrite,
  ...releases(wakeHead),
  cancel: leaveList,
};
