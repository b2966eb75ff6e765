/** Entries of one page, and how many pages may exist: 64 MB of counts, far above what a scenario can name. */
const PAGE = 4096;
const PAGE_BITS = 12;
const MAX_PAGES = 4096;

/**
 * Counts by a key of 28 bits, such as the index of a page table. Neighbours share a page, so that a walk over an
 * address space touches memory in order; what was never counted costs nothing.
 */
export class PagedCounts {
  /** Distinct keys counted so far. */
  distinct = 0;
  #directory = new Uint16Array(0);
  #pages: Uint32Array[] = [];

  /** Counts one more; keys beyond the bound are left out. */
  add(key: number): void {
    if (this.#directory.length === 0) this.#directory = new Uint16Array(1 << (28 - PAGE_BITS));
    let at = this.#directory[key >>> PAGE_BITS];
    if (at === 0) {
      if (this.#pages.length >= MAX_PAGES) return;
      at = this.#pages.push(new Uint32Array(PAGE));
      this.#directory[key >>> PAGE_BITS] = at;
    }
    const page = this.#pages[at - 1];
    const n = page[key & (PAGE - 1)];
    if (n === 0) this.distinct++;
    page[key & (PAGE - 1)] = n + 1;
  }

  get(key: number): number {
    const at = this.#directory[key >>> PAGE_BITS] ?? 0;
    return at === 0 ? 0 : this.#pages[at - 1][key & (PAGE - 1)];
  }
}
