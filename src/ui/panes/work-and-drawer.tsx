import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { Group, Panel, usePanelRef } from 'react-resizable-panels';
import { hasZones, shownDrawer } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { Divider } from './divider.tsx';
import { DRAWER_HEIGHT, LEAST, stripHeight } from './sizes.ts';

interface WorkAndDrawerProps {
  readonly work: ReactNode;
  readonly drawer: ReactNode;
}

const DRAWER = 'pane-drawer';
const IN_SIGHT = { overflow: 'visible' } as const;

/** What the page is for above, the drawer below. The strip of figures has a fixed height; the others may be drawn. */
export function WorkAndDrawer({ work, drawer }: WorkAndDrawerProps): ReactNode {
  const open = useApp((s) => shownDrawer(s) !== 'run');
  const strip = stripHeight(innerHeight, useApp(hasZones) ? 5 : 4);
  const box = useRef<HTMLDivElement>(null);
  const panel = usePanelRef();
  useLayoutEffect(() => {
    panel.current?.resize(open ? (app().drawerHeight ?? DRAWER_HEIGHT) : strip);
  }, [open, strip, panel]);
  return (
    <Group
      className="work-and-drawer"
      orientation="vertical"
      disableCursor
      elementRef={box}
      onLayoutChanged={({ [DRAWER]: share = 0 }, { isUserInteraction }) => {
        const height = Math.round((share / 100) * (box.current?.clientHeight ?? 0));
        if (isUserInteraction && open && height > 0) app().setDrawerHeight(height);
      }}
    >
      <Panel id="pane-work" className="pane upright" minSize={LEAST.work}>
        {work}
      </Panel>
      <Divider
        label="Height of the drawer"
        disabled={!open}
        onReset={() => {
          panel.current?.resize(DRAWER_HEIGHT);
          app().setDrawerHeight(null);
        }}
      />
      <Panel
        id={DRAWER}
        className="pane"
        // What is read out of a map stands above it, and may reach out of the drawer. Its panels scroll by themselves.
        style={IN_SIGHT}
        panelRef={panel}
        defaultSize={strip}
        minSize={strip}
        groupResizeBehavior="preserve-pixel-size"
      >
        {drawer}
      </Panel>
    </Group>
  );
}
