import { Tooltip } from '@base-ui/react/tooltip';
import { type ReactNode, useEffect, useState } from 'react';
import { watchTips } from './watch.ts';

const ID = 'tip';

interface Said {
  readonly text: string;
  readonly keys: readonly string[];
}

function saidOf(element: HTMLElement | null): Said {
  const { tip = '', tipKeys = '' } = element?.dataset ?? {};
  return { text: tip, keys: tipKeys === '' ? [] : tipKeys.split('\n') };
}

/** What the element says of itself as long as it is there. */
function useSaid(element: HTMLElement | null, onGone: () => void): Said {
  const [, again] = useState(0);
  useEffect(() => {
    if (element === null) return;
    const observer = new MutationObserver(() => {
      if (element.isConnected) again((n) => n + 1);
      else onGone();
    });
    observer.observe(document.body, { childList: true, subtree: true });
    observer.observe(element, { attributeFilter: ['data-tip', 'data-tip-keys'] });
    // Who does not see the tip hears it, unless it only repeats the name.
    const named = element.getAttribute('aria-label') === element.dataset['tip'];
    if (!named) element.setAttribute('aria-describedby', ID);
    return () => {
      observer.disconnect();
      if (!named) element.removeAttribute('aria-describedby');
    };
  }, [element, onGone]);
  return saidOf(element);
}

/** The one tooltip of the page: at the element that `watchTips` names, below it if there is room. */
export function Tips(): ReactNode {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [gone] = useState(() => () => setElement(null));
  useEffect(() => watchTips(setElement), []);
  const said = useSaid(element, gone);
  // What goes away says to its end what it said.
  const [last, setLast] = useState(said);
  if (said.text !== '' && (said.text !== last.text || said.keys.join() !== last.keys.join())) setLast(said);
  return (
    <Tooltip.Root
      open={element !== null && said.text !== ''}
      onOpenChange={(open) => {
        if (!open) gone();
      }}
    >
      <Tooltip.Portal>
        <Tooltip.Positioner
          className="tip-place"
          anchor={element}
          side="bottom"
          sideOffset={6}
          collisionPadding={6}
        >
          <Tooltip.Popup className="tip" id={ID} role="tooltip">
            {last.text}
            {last.keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
