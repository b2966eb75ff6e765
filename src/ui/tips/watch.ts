/** How long the pointer rests before a tip comes; once one was there, the next comes at once. */
const DELAY_MS = 500;
const AT_ONCE_WITHIN_MS = 300;

function explained(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
}

/**
 * Tells which element to explain, null for none: one that the pointer rests on, or one that the keyboard came to.
 * A press or a key ends it: who acts no longer asks.
 */
export function watchTips(show: (element: HTMLElement | null) => void): () => void {
  let shown: HTMLElement | null = null;
  /** What the pointer is on: an explanation that was ended does not come again before the pointer went elsewhere. */
  let over: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let endedAt = -Infinity;

  const put = (element: HTMLElement | null): void => {
    clearTimeout(timer);
    if (shown === element) return;
    if (element === null) endedAt = performance.now();
    shown = element;
    show(element);
  };
  const pointed = (event: PointerEvent): void => {
    if (event.pointerType === 'touch') return;
    // What a tip says may be pointed at and read.
    if (event.target instanceof Element && event.target.closest('.tip') !== null) return;
    const element = explained(event.target);
    if (element === over) return;
    over = element;
    const again = shown !== null || performance.now() - endedAt < AT_ONCE_WITHIN_MS;
    put(null);
    if (element === null || event.buttons !== 0) return;
    timer = setTimeout(() => put(element), again ? 0 : DELAY_MS);
  };
  const focused = (event: FocusEvent): void => {
    const element = explained(event.target);
    put(element?.matches(':focus-visible') === true ? element : null);
  };
  const end = (): void => put(null);
  const left = (): void => {
    over = null;
    put(null);
  };

  const ends = ['pointerdown', 'keydown', 'wheel', 'focusout'] as const;
  document.addEventListener('pointerover', pointed);
  document.addEventListener('focusin', focused);
  document.documentElement.addEventListener('pointerleave', left);
  for (const name of ends) document.addEventListener(name, end, { capture: true, passive: true });
  return () => {
    put(null);
    document.removeEventListener('pointerover', pointed);
    document.removeEventListener('focusin', focused);
    document.documentElement.removeEventListener('pointerleave', left);
    for (const name of ends) document.removeEventListener(name, end, { capture: true });
  };
}
