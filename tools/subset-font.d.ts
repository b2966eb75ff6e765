declare module 'subset-font' {
  interface Options {
    readonly targetFormat?: 'woff2';
    /** OpenType features whose glyphs stay; all, if it is left out. */
    readonly keepFeatures?: readonly string[];
    readonly variationAxes?: Readonly<Record<string, { readonly min: number; readonly max: number }>>;
  }
  export default function subsetFont(
    font: Uint8Array,
    letters: string,
    options?: Options,
  ): Promise<Uint8Array>;
}
