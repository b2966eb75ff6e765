import { pathFiles } from '../kernel/files.ts';
import { type Resolution, type Resolving, resolveText, type Source, unknownScenario } from './resolve.ts';
import { type GalleryTitle, titles } from './titles.ts';

/** The gallery: scenario documents that come with the program, by the name of the scenario in them. */
const raw = import.meta.glob<string>('./gallery/*.kp', { query: '?raw', import: 'default', eager: true });

export interface GalleryEntry extends GalleryTitle {
  readonly file: string;
  readonly text: string;
}

export const gallery: readonly GalleryEntry[] = titles.map(({ id, title }) => {
  const file = `${id}.kp`;
  return { id, title, file, text: raw[`./gallery/${file}`] ?? '' };
});

export function galleryEntry(id: string): GalleryEntry | undefined {
  return gallery.find((g) => g.id === id);
}

/** As `resolveText`, for the gallery too, and at once: all texts are here. */
export function resolve(source: Source): Resolution {
  const { text, scenario } = source;
  if (text !== undefined) return atOnce(resolveText({ ...source, text }));
  const entry = galleryEntry(scenario);
  if (entry === undefined) {
    return unknownScenario(
      scenario,
      titles.map(({ id }) => id),
    );
  }
  return atOnce(resolveText({ file: entry.file, ...source, text: entry.text }));
}

function atOnce(resolving: Resolving): Resolution {
  for (;;) {
    const step = resolving.next(pathFiles);
    if (step.done === true) return step.value;
  }
}
