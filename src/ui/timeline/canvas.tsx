import { type ReactNode, useEffect, useRef } from 'react';
import { useApp } from '../app-store.ts';
import { schedule, unschedule } from '../frame.ts';
import { CanvasSurface } from '../paint/canvas-surface.ts';
import { readPalette } from '../paint/palette.ts';
import type { Surface } from '../paint/surface.ts';

/** Draws on a surface of width and height px, with `ratio` device pixels each. */
export type Draw = (surface: Surface, width: number, height: number, ratio: number) => void;

interface CanvasProps {
  readonly className: string;
  /** A new function means: something changed, draw again. */
  readonly draw: Draw;
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

    const paint = (): void => {
      const ratio = devicePixelRatio;
      if (width === 0 || height === 0) return;
      const w = Math.round(width * ratio);
      const h = Math.round(height * ratio);
      if (element.width !== w || element.height !== h) {
        element.width = w;
        element.height = h;
      }
      const key = `${theme} ${ratio}`;
      if (prepared?.key !== key) {
        const palette = readPalette(document.documentElement);
        prepared = { key, surface: new CanvasSurface(context, palette, ratio) };
      }
      prepared.surface.begin();
      latest.current(prepared.surface, width, height, ratio);
      prepared.surface.end();
    };
    repaint.current = () => schedule(element, paint);
    // At once, before the frame is shown: one with the old picture stretched to the new size would flicker.
    const sizes = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = element;
      if (clientWidth === width && clientHeight === height) return;
      width = clientWidth;
      height = clientHeight;
      unschedule(element);
      paint();
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
