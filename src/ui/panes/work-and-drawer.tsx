import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { Group, Panel, usePanelRef } from 'react-resizable-panels';
import { app, useApp } from '../app-store.ts';
import { Divider } from './divider.tsx';
import { DRAWER_HEIGHT, LEAST, stripHeight } from './sizes.ts';

interface WorkAndDrawerProps {
  readonly work: ReactNode;
  readonly drawer: ReactNode;
}

const DRAWER = 'pane-drawer';

/** What the page is for above, the drawer below. The strip of figures has a fixed height; the others may be drawn. */
export function WorkAndDrawer({ work, drawer }: WorkAndDrawerProps): ReactNode {
  const open = useApp((s) => s.drawer !== 'run');
  const box = useRef<HTMLDivElement>(null);
  const panel = usePanelRef();
  useLayoutEffect(() => {
    panel.current?.resize(open ? (app().drawerHeight ?? DRAWER_HEIGHT) : stripHeight(innerHeight));
  }, [open, panel]);
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
        panelRef={panel}
        defaultSize={stripHeight(innerHeight)}
        minSize={stripHeight(innerHeight)}
        groupResizeBehavior="preserve-pixel-size"
      >
        {drawer}
      </Panel>
    </Group>
  );
}
