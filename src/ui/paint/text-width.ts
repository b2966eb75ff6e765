import type { Px } from '../../event/index.ts';
import type { TextStyle } from './surface.ts';

/** Letters of about one width, by thousandths of the size; what is in none of them is OTHER wide. */
const WIDTHS: readonly (readonly [letters: string, width: number])[] = [
  ["ijl.,:;'|!", 290],
  ['ftrI()[]/ -·', 400],
  ['csxkvyzJ', 570],
  ['mwMW@%', 920],
  ['ABCDGHKNOQRUVXYZ+×', 750],
];
const OTHER = 640;
/** Of the font in which all letters are equally wide. */
const MONO = 600;
/** Bold letters are wider, by a hundredth of the size. */
const BOLD = 30;

const byLetter = new Map(WIDTHS.flatMap(([letters, width]) => [...letters].map((letter) => [letter, width])));

/** How wide a text is, near enough and rather too wide, where no font can be asked. */
export function estimatedWidth(text: string, { size, mono, bold }: Omit<TextStyle, 'paint'>): Px {
  let sum = 0;
  for (const letter of text)
    sum += (mono === true ? MONO : (byLetter.get(letter) ?? OTHER)) + (bold ? BOLD : 0);
  return (sum * size) / 1000;
}
