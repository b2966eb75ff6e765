import { useLayoutEffect } from 'react';

/**
 * The library's guards before and behind a panel pass the focus on and never keep it. They are marked as hidden and can
 * be focused, which contradicts itself: the mark goes.
 */
export function useHonestGuards(): void {
  useLayoutEffect(() => {
    const clear = (): void => {
      for (const guard of document.querySelectorAll('[data-base-ui-focus-guard][aria-hidden]')) {
        guard.removeAttribute('aria-hidden');
      }
    };
    clear();
    // Guards may come with a later render.
    const observer = new MutationObserver(clear);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
}
