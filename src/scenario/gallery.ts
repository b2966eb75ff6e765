/** The gallery: scenario documents that come with the program, by the name of the scenario in them. */
const raw = import.meta.glob<string>('./gallery/*.kp', { query: '?raw', import: 'default', eager: true });

export interface GalleryEntry {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly text: string;
}

/** Order of the menu; a scenario that is not named here comes after these. */
const ORDER = [
  'munmap-320g',
  'munmap-320g-writer',
  'tiny',
  'vm-dead-race',
  'chunk-hole',
  'chunk-neighbour',
  'read-twice',
  'writers-storm',
  'fork-test',
  'mutex-storm',
  'hand-over',
  'virt-preempt',
  'ps-hangs',
  'khugepaged-hangs',
  'stress-mmap',
  'page-fault1',
  'page-fault1-threads',
  'zone-neighbour',
  'exit-storm',
];

function titleOf(text: string): string {
  return /\bscenario\s+[\w.-]+\s+"([^"]*)"/.exec(text)?.[1] ?? '';
}

export const gallery: readonly GalleryEntry[] = Object.entries(raw)
  .map(([path, text]) => {
    const id = path.replace(/^.*\/|\.kp$/g, '');
    return { id, title: titleOf(text), file: `${id}.kp`, text };
  })
  .sort((a, b) => rank(a.id) - rank(b.id) || (a.id < b.id ? -1 : 1));

function rank(id: string): number {
  const i = ORDER.indexOf(id);
  return i < 0 ? ORDER.length : i;
}

export function galleryEntry(id: string): GalleryEntry | undefined {
  return gallery.find((g) => g.id === id);
}
