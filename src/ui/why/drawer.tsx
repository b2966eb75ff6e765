import { Tabs } from '@base-ui/react/tabs';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Drawer as DrawerName } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { useParts } from '../late.ts';
import { Strip } from '../panels/strip.tsx';

const TABS: readonly { readonly name: DrawerName; readonly label: string }[] = [
  { name: 'run', label: 'Run' },
  { name: 'why', label: 'Why' },
  { name: 'blame', label: 'Blame' },
  { name: 'statistics', label: 'Statistics' },
];

/** A run that breaks or deadlocks is shown with the explanation, unless the reader looks at something else. */
function useOpening(): void {
  const run = useApp((s) => s.run);
  const found = useApp((s) => s.phase === 'ended' && s.findings.length > 0);
  const opened = useRef<number | null>(null);
  useEffect(() => {
    const { drawer, openDrawer } = app();
    if (found && drawer === 'run' && opened.current !== run) {
      opened.current = run;
      openDrawer('why');
    } else if (!found && drawer === 'why' && opened.current !== null && opened.current !== run) {
      opened.current = null;
      openDrawer('run');
    }
  }, [found, run]);
}

/** What stands below the lanes: figures of the run, or why threads wait. The tabs stay where they are. */
export function Drawer(): ReactNode {
  const drawer = useApp((s) => s.drawer);
  const parts = useParts(drawer !== 'run');
  useOpening();
  return (
    <Tabs.Root
      className="drawer"
      orientation="vertical"
      value={drawer}
      onValueChange={(value: DrawerName) => app().openDrawer(value)}
    >
      <Tabs.List className="drawer-tabs" aria-label="Below the lanes" activateOnFocus>
        {TABS.map(({ name, label }) => (
          <Tabs.Tab key={name} value={name} className="drawer-tab">
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="run" className="drawer-panel">
        <Strip />
      </Tabs.Panel>
      <Tabs.Panel value="why" className="drawer-panel">
        {parts !== null && <parts.StoryPanel />}
      </Tabs.Panel>
      <Tabs.Panel value="blame" className="drawer-panel">
        {parts !== null && <parts.BlamePanel />}
      </Tabs.Panel>
      <Tabs.Panel value="statistics" className="drawer-panel">
        {parts !== null && <parts.StatisticsPanel />}
      </Tabs.Panel>
    </Tabs.Root>
  );
}
