import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { type Drawer as DrawerName, hasZones, shownDrawer } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { Strip } from '../panels/strip.tsx';
import { ZonesPanel } from '../zones/zones-panel.tsx';
import { BlamePanel } from './blame-panel.tsx';
import { StatisticsPanel } from './statistics-panel.tsx';
import { StoryPanel } from './story-panel.tsx';

const TABS: readonly { readonly name: DrawerName; readonly label: string }[] = [
  { name: 'run', label: 'Run' },
  { name: 'why', label: 'Why' },
  { name: 'blame', label: 'Blame' },
  { name: 'statistics', label: 'Statistics' },
  { name: 'zones', label: 'Zones' },
];

/** What stands below the lanes: figures of the run, or why threads wait. The tabs stay where they are. */
export function Drawer(): ReactNode {
  const drawer = useApp(shownDrawer);
  const zones = useApp(hasZones) || drawer === 'zones';
  return (
    <Tabs.Root
      className="drawer"
      orientation="vertical"
      value={drawer}
      onValueChange={(value: DrawerName) => app().openDrawer(value)}
    >
      <Tabs.List
        className={zones ? 'drawer-tabs five' : 'drawer-tabs'}
        aria-label="Below the lanes"
        activateOnFocus
      >
        {TABS.filter(({ name }) => zones || name !== 'zones').map(({ name, label }) => (
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
      {zones && (
        <Tabs.Panel value="zones" className="drawer-panel">
          <ZonesPanel />
        </Tabs.Panel>
      )}
    </Tabs.Root>
  );
}
