import { type ReactNode, useEffect, useRef } from 'react';
import { useApp } from '../app-store.ts';
import { finish, type Picture, type Pieces, schedule, unschedule } from '../frame.ts';
import { CanvasSurface } from '../paint/canvas-surface.ts';
import { type Palette, readPalette } from '../paint/palette.ts';
import type { Surface } from '../paint/surface.ts';

/** Draws on a surface of width and height px, with `ratio` device pixels each. */
export type Draw = (surface: Surface, width: number, height: number, ratio: number) => void;
/** The same piece by piece: for what is too much for one frame. */
export type DrawPieces = (...args: Parameters<Draw>) => Pieces;

interface CanvasProps {
  readonly className: string;
  /** A new function means: something changed, draw again. */
  readonly draw: Draw | DrawPieces;
}

/** The palette of a theme: to ask for it once more would make the browser work out styles in the middle of a frame. */
let known: { readonly theme: string; readonly palette: Palette } | null = null;

function paletteOf(theme: string): Palette {
  if (known?.theme !== theme) known = { theme, palette: readPalette(document.documentElement) };
  return known.palette;
}

interface Prepared {
  readonly key: string;
  readonly surface: CanvasSurface;
}

/** A canvas as large as its box, drawn at most once a frame. What it shows is also there as text elsewhere. */
export function Canvas({ className, draw }: CanvasProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  const repaint = useRef<() => void>(() => {});
  const theme = useApp((s) => s.theme);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d') ?? null;
    if (element === null || context === null) return;
    let prepared: Prepared | null = null;
    // Told by the observer before the first frame: to ask the element itself would lay out the whole page.
    let width = 0;
    let height = 0;

    const paint = function* (): Picture {
      const ratio = devicePixelRatio;
      if (width === 0 || height === 0) return () => {};
      const key = `${theme} ${ratio}`;
      if (prepared?.key !== key) {
        prepared = { key, surface: new CanvasSurface(context, paletteOf(theme), ratio) };
      }
      const { surface } = prepared;
      surface.begin(Math.round(width * ratio), Math.round(height * ratio));
      const pieces = latest.current(surface, width, height, ratio);
      if (pieces !== undefined) yield* pieces;
      return () => surface.show();
    };
    repaint.current = () => schedule(element, paint);
    const sizes = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = element;
      if (clientWidth === width && clientHeight === height) return;
      const first = width === 0;
      width = clientWidth;
      height = clientHeight;
      // A page that appears has much to do in this frame; the first picture can come with the next one.
      if (first) {
        repaint.current();
        return;
      }
      // At once, before the frame is shown: one with the old picture stretched to the new size would flicker.
      repaint.current();
      finish();
    });
    sizes.observe(element);
    // Until the observer has told, there is something to be drawn all the same.
    repaint.current();
    // What was measured with the letters of another font is forgotten with the surface.
    const again = (): void => {
      prepared = null;
      repaint.current();
    };
    document.fonts.addEventListener('loadingdone', again);
    return () => {
      sizes.disconnect();
      document.fonts.removeEventListener('loadingdone', again);
      unschedule(element);
    };
  }, [theme]);

  useEffect(() => {
    latest.current = draw;
    repaint.current();
  }, [draw]);

  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas without tabindex takes no focus
  return <canvas className={className} ref={canvas} aria-hidden="true" />;
}
