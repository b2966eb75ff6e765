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
  const prepared = useRef<Prepared | null>(null);
  const theme = useApp((s) => s.theme);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    latest.current = draw;

    const paint = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = devicePixelRatio;
      const context = element.getContext('2d');
      if (context === null || width === 0 || height === 0) return;
      const w = Math.round(width * ratio);
      const h = Math.round(height * ratio);
      if (element.width !== w || element.height !== h) {
        element.width = w;
        element.height = h;
      }
      const key = `${theme} ${ratio}`;
      if (prepared.current?.key !== key) {
        const palette = readPalette(document.documentElement);
        prepared.current = { key, surface: new CanvasSurface(context, palette, ratio) };
      }
      prepared.current.surface.begin();
      latest.current(prepared.current.surface, width, height, ratio);
    };
    schedule(element, paint);
    const again = (): void => schedule(element, paint);
    // At once, before the frame is shown: one with the old picture stretched to the new size would flicker.
    const resized = (): void => {
      const { clientWidth, clientHeight, width, height } = element;
      if (
        width === Math.round(clientWidth * devicePixelRatio) &&
        height === Math.round(clientHeight * devicePixelRatio)
      )
        return;
      unschedule(element);
      paint();
    };
    const sizes = new ResizeObserver(resized);
    sizes.observe(element);
    document.fonts.addEventListener('loadingdone', again);
    return () => {
      sizes.disconnect();
      document.fonts.removeEventListener('loadingdone', again);
    };
  }, [draw, theme]);

  useEffect(() => {
    const element = canvas.current;
    return () => {
      if (element !== null) unschedule(element);
    };
  }, []);

  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas without tabindex takes no focus
  return <canvas className={className} ref={canvas} aria-hidden="true" />;
}
