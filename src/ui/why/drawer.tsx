import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import type { Drawer as DrawerName } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { Strip } from '../panels/strip.tsx';
import { BlamePanel } from './blame-panel.tsx';
import { StatisticsPanel } from './statistics-panel.tsx';
import { StoryPanel } from './story-panel.tsx';

const TABS: readonly { readonly name: DrawerName; readonly label: string }[] = [
  { name: 'run', label: 'Run' },
  { name: 'why', label: 'Why' },
  { name: 'blame', label: 'Blame' },
  { name: 'statistics', label: 'Statistics' },
];

/** What stands below the lanes: figures of the run, or why threads wait. The tabs stay where they are. */
export function Drawer(): ReactNode {
  const drawer = useApp((s) => s.drawer);
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
        <StoryPanel />
      </Tabs.Panel>
      <Tabs.Panel value="blame" className="drawer-panel">
        <BlamePanel />
      </Tabs.Panel>
      <Tabs.Panel value="statistics" className="drawer-panel">
        <StatisticsPanel />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
