import { pageAfter, pageOf } from './entry.ts';
import { look, type Operation, reads, step, writes } from './face.ts';

const EFAULT = 14;

/** Words of mapped files, and of pages that are looked up without a lock. */
export const fileOps: readonly Operation[] = [
  step('find_get_page', reads('cache'), (e, thread, at) => {
    const mm = e.w.threadMm[thread] as number;
    const page = pageOf(e.w.regs[at] as number);
    return e.files.isCached(thread, mm, page) ? e.alloc.allocate(thread) : 0;
  }),
  step('page_cache_read', writes('cache'), (e, thread, at) =>
    e.files.read(thread, pageOf(e.w.regs[at] as number)) ? 0 : -EFAULT,
  ),
  step('put_page', writes('0'), (e, thread, at) => {
    const w = e.w;
    w.pagesInHand[thread] = (w.pagesInHand[thread] as number) - 1;
    e.alloc.freePage(thread, w.threadMm[thread] as number, w.regs[at] as number);
    return 0;
  }),
  step('invalidate_mapping_pages', writes('cache'), (e, thread, at) => {
    const { regs, threadMm } = e.w;
    const mm = threadMm[thread] as number;
    e.files.drop(thread, mm, pageOf(regs[at] as number), pageAfter(regs[at + 1] as number));
    return 0;
  }),
  look('cached', reads('cache'), (e, thread, at) => {
    const mm = e.w.threadMm[thread] as number;
    return e.files.isCached(thread, mm, pageOf(e.w.regs[at] as number)) ? 1 : 0;
  }),
  look('disk_queue', reads('disk'), (e) => e.files.queued),
  step('gup_pte', reads('0'), (e, thread, at) => {
    const handle = e.w.regs[at] as number;
    const page = pageOf(e.w.regs[at + 1] as number);
    if (e.tables.isFreed(handle)) {
      e.watch.tableGone(thread, handle);
      return 0;
    }
    if (e.tables.isStale(handle)) return 0;
    // Grain `table`: a full table says nothing about addresses that no VMA covers.
    if (!e.w.sizes.pages && e.vmas.covering(e.tables.mmOf(handle), page) < 0) return 0;
    return e.tables.isEmpty(handle, page) ? 0 : 1;
  }),
];
