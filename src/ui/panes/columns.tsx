import { type ReactNode, useState } from 'react';
import { Group, Panel, useGroupRef, usePanelRef } from 'react-resizable-panels';
import { app } from '../app-store.ts';
import { Divider } from './divider.tsx';
import { codeWidth, inspectorWidth, LEAST } from './sizes.ts';

interface ColumnsProps {
  readonly code: ReactNode;
  readonly view: ReactNode;
  readonly inspector: ReactNode;
}

/** Code, time view and inspector side by side. The outer ones keep their widths when the window changes. */
export function Columns({ code, view, inspector }: ColumnsProps): ReactNode {
  const group = useGroupRef();
  const first = usePanelRef();
  const last = usePanelRef();
  const [kept] = useState(() => app().columns);
  const keep = (): void => {
    if (group.current !== null) app().setColumns(group.current.getLayout());
  };
  return (
    <Group
      className="columns-of-work"
      groupRef={group}
      // The library's cursors come in a style sheet of its own; ours are in ours.
      disableCursor
      {...(kept === null ? {} : { defaultLayout: kept })}
      onLayoutChanged={(_, { isUserInteraction }) => {
        if (isUserInteraction) keep();
      }}
    >
      <Panel
        id="pane-code"
        className="pane"
        panelRef={first}
        defaultSize={codeWidth(innerWidth)}
        minSize={LEAST.code}
        groupResizeBehavior="preserve-pixel-size"
      >
        {code}
      </Panel>
      <Divider
        label="Width of the code"
        onReset={() => {
          first.current?.resize(codeWidth(innerWidth));
          keep();
        }}
      />
      <Panel id="pane-view" className="pane" minSize={LEAST.view}>
        {view}
      </Panel>
      <Divider
        label="Width of what is at the playhead"
        onReset={() => {
          last.current?.resize(inspectorWidth(innerWidth));
          keep();
        }}
      />
      <Panel
        id="pane-inspector"
        className="pane"
        panelRef={last}
        defaultSize={inspectorWidth(innerWidth)}
        minSize={LEAST.inspector}
        groupResizeBehavior="preserve-pixel-size"
      >
        {inspector}
      </Panel>
    </Group>
  );
}
