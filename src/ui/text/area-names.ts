import { indexOf, type Moment, PAGE_BYTES } from '../../event/index.ts';
import type { AreaBand } from '../layout/bands.ts';
import { groupTitle } from './group-title.ts';

/** Names of areas and VMAs, from all moments of a run that were seen: a lane keeps its name when what it shows is gone. */
export class AreaNames {
  /** By mm and first page. */
  readonly #areas = new Map<string, string>();
  /** By number of the VMA. */
  readonly vmas = new Map<number, string>();

  /**
   * Takes in the names of a moment. What was there when the run began is among the ranges of every moment, and gives the
   * addresses their name for the whole run, whatever is mapped there later.
   */
  remember(moment: Moment | null): void {
    const { ranges = [], vmas = [] } = moment ?? {};
    for (const { mm, startPage, name } of [...ranges, ...vmas]) {
      const key = `${mm} ${startPage}`;
      this.#areas.set(key, this.#areas.get(key) || name);
    }
    for (const { id, name } of vmas) if (name !== '') this.vmas.set(indexOf(id), name);
  }

  /** What a lane of the address space is called: after its area, or those of which there are most; else by address. */
  ofBand({ areas }: AreaBand): string {
    const known = areas.map(({ mm, fromPage }) => this.#areas.get(`${mm} ${fromPage}`));
    const [first] = areas;
    if (first === undefined) return '';
    if (areas.length === 1) return known[0] || `0x${(first.fromPage * PAGE_BYTES).toString(16)}`;
    return groupTitle(known);
  }
}
