import { type Resolution, resolveText, type Source, unknownScenario } from './resolve.ts';
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

/** As `resolveText`, for the gallery too. */
export function resolve(source: Source): Resolution {
  const { text, scenario } = source;
  if (text !== undefined) return resolveText({ ...source, text });
  const entry = galleryEntry(scenario);
  if (entry === undefined) return unknownScenario(scenario);
  return resolveText({ file: entry.file, ...source, text: entry.text });
}
