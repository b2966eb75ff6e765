import { Kind, PAGE_BYTES } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { pageAfter, pageOf } from './entry.ts';
import { look, type Operation, reads, step, writes } from './face.ts';

const ENOMEM = 12;

/** Handle of a slot (-1: NULL) of the thread's mm. */
function handleOf(e: Engine, mm: number, slot: number): number {
  return slot < 0 ? 0 : e.vmas.handle(mm, slot);
}

/** mm behind an `mm` value: handles count from 1. */
export function mmArg(e: Engine, at: number): number {
  return (e.w.regs[at] as number) - 1;
}

/** A field of a VMA; 0 where the VMA is gone (which is a violation by then). */
function field(name: string, get: (e: Engine, mm: number, slot: number) => number): Operation {
  return step(name, reads('0'), (e, thread, at) => {
    const handle = e.w.regs[at] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    return slot < 0 ? 0 : get(e, e.vmas.mmOf(handle), slot);
  });
}

/** Words of VMAs and their tree. */
export const vmaOps: readonly Operation[] = [
  step('find_vma', reads('0.tree'), (e, _thread, at) => {
    const mm = mmArg(e, at);
    return handleOf(e, mm, e.vmas.find(mm, pageOf(e.w.regs[at + 1] as number)));
  }),
  field('vma_next', (e, mm, slot) => handleOf(e, mm, e.vmas.after(mm, slot))),
  field('vma_start', (e, _mm, slot) => (e.w.vmaStart[slot] as number) * PAGE_BYTES),
  field('vma_end', (e, _mm, slot) => (e.w.vmaEnd[slot] as number) * PAGE_BYTES),
  field('vma_flags', (e, _mm, slot) => e.w.vmaFlags[slot] as number),
  step('set_vma_flags', writes('0'), (e, thread, at) => {
    const handle = e.w.regs[at] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    if (slot < 0) return 0;
    const flags = (e.w.regs[at + 1] as number) >>> 0;
    e.w.vmaFlags[slot] = flags;
    e.vmas.report(Kind.VMA_FLAGS, thread, e.vmas.mmOf(handle), slot, flags);
    return 0;
  }),
  step('split_vma', writes('0.tree', '1'), (e, thread, at) => {
    const handle = e.w.regs[at + 1] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    if (slot < 0) return -ENOMEM;
    const page = pageOf(e.w.regs[at + 2] as number);
    if (page <= (e.w.vmaStart[slot] as number) || page >= (e.w.vmaEnd[slot] as number)) return 0;
    return e.vmas.split(thread, mmArg(e, at), slot, page) ? 0 : -ENOMEM;
  }),
  step('detach_vmas_to_be_unmapped', writes('0.tree', '1'), (e, thread, at) => {
    const handle = e.w.regs[at + 1] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    const end = pageAfter(e.w.regs[at + 2] as number);
    if (slot < 0 || end <= (e.w.vmaStart[slot] as number)) return 0;
    e.vmas.detach(thread, mmArg(e, at), slot, end);
    return handle;
  }),
  step('remove_vma_list', writes('1'), (e, thread, at) => {
    const handle = e.w.regs[at + 1] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    if (slot >= 0) e.vmas.free(thread, mmArg(e, at), slot);
    return 0;
  }),
  step('get_unmapped_area', reads('0.tree'), (e, _thread, at) => {
    const page = e.vmas.unmappedArea(mmArg(e, at), pageAfter(e.w.regs[at + 1] as number));
    return page < 0 ? -ENOMEM : page * PAGE_BYTES;
  }),
  step('vma_link', writes('0.tree'), (e, thread, at) => {
    const mm = mmArg(e, at);
    const from = pageOf(e.w.regs[at + 1] as number);
    const to = pageAfter(e.w.regs[at + 2] as number);
    if (to <= from || to > (e.layout.endPage[mm] as number) || e.vmas.overlaps(mm, from, to)) return 0;
    return handleOf(e, mm, e.vmas.link(thread, mm, from, to, 3, 0));
  }),
  look('vmas', reads('0.tree'), (e, _thread, at) =>
    e.vmas.countIn(mmArg(e, at), pageOf(e.w.regs[at + 1] as number), pageAfter(e.w.regs[at + 2] as number)),
  ),
  look('listed', reads('0'), (e, _thread, at) => {
    const handle = e.w.regs[at] as number;
    return handle === 0 ? 0 : e.vmas.listedFrom(e.vmas.peek(handle));
  }),
  look('mapped', reads('tree'), (e, thread, at) =>
    e.vmas.covering(e.w.threadMm[thread] as number, pageOf(e.w.regs[at] as number)) >= 0 ? 1 : 0,
  ),
];
