import { type ReactNode, useEffect } from 'react';
import { app, useApp } from './app-store.ts';
import { TopBar } from './bars/top-bar.tsx';
import { Transport } from './bars/transport.tsx';
import { icons } from './controls/icons.tsx';
import { FindBox } from './find/find-box.tsx';
import { onClick, onKey } from './keys.ts';
import { provideParts, useParts } from './late.ts';
import { Live } from './live.tsx';
import { CodePanel } from './panels/code-panel.tsx';
import { Failure } from './panels/failure.tsx';
import { Help } from './panels/help.tsx';
import { Inspector } from './panels/inspector.tsx';
import { Columns } from './panes/columns.tsx';
import { useNarrow } from './panes/use-narrow.ts';
import { WorkAndDrawer } from './panes/work-and-drawer.tsx';
import { Legend } from './timeline/legend.tsx';
import { Timeline } from './timeline/timeline.tsx';

/** Moves playback on, frame by frame, as long as it plays. */
function usePlayback(): void {
  const playing = useApp((s) => s.playing);
  useEffect(() => {
    if (!playing) return;
    let last = performance.now();
    let handle = requestAnimationFrame(function frame(now) {
      app().tick(now - last);
      last = now;
      handle = requestAnimationFrame(frame);
    });
    return () => cancelAnimationFrame(handle);
  }, [playing]);
}

function NoticeBar(): ReactNode {
  const notice = useApp((s) => s.notice);
  useEffect(() => {
    if (notice?.tone !== 'info' || notice.offer !== undefined) return;
    const timer = setTimeout(() => app().notify(null), 6_000);
    return () => clearTimeout(timer);
  }, [notice]);
  if (notice === null) return null;
  return (
    <div className={`notice ${notice.tone}`} role={notice.tone === 'error' ? 'alert' : 'status'}>
      <span>{notice.text}</span>
      {notice.offer !== undefined && (
        <button type="button" className="button" onClick={notice.offer.act}>
          {notice.offer.label}
        </button>
      )}
      <button
        type="button"
        className="button square plain"
        aria-label="Put away"
        onClick={() => app().notify(null)}
      >
        {icons.cross}
      </button>
    </div>
  );
}

/** Its place is kept while it is fetched, so that nothing moves when it comes. */
function Drawer(): ReactNode {
  const parts = useParts(useApp((s) => s.phase === 'ended' || s.drawer !== 'run'));
  return parts === null ? <div className="drawer" /> : <parts.Drawer />;
}

function Explanations(): ReactNode {
  const parts = useParts(false);
  return parts === null ? null : <parts.Tips />;
}

function Refusal(): ReactNode {
  const parts = useParts(true);
  return parts === null ? <main className="message" /> : <parts.Refusal />;
}

function Body(): ReactNode {
  const phase = useApp((s) => s.phase);
  const narrow = useNarrow();
  if (phase === 'refused') return <Refusal />;
  if (phase === 'failed') return <Failure />;
  if (narrow) {
    return (
      <>
        <main className="work">
          <CodePanel />
          <Timeline />
          <Inspector />
        </main>
        <Legend />
        <Drawer />
      </>
    );
  }
  return (
    <WorkAndDrawer
      work={
        <>
          <main className="work">
            <Columns code={<CodePanel />} view={<Timeline />} inspector={<Inspector />} />
          </main>
          <Legend />
        </>
      }
      drawer={<Drawer />}
    />
  );
}

/** The run: what it is, where one stands in it, and what is seen there. */
function RunPage(): ReactNode {
  usePlayback();
  return (
    <>
      <TopBar />
      <Transport />
      <Body />
      <Help />
      <FindBox />
      <Live />
    </>
  );
}

function LatePage({ page }: { readonly page: 'ExperimentsPage' | 'MechanismsPage' }): ReactNode {
  const Page = useParts(true)?.[page];
  return Page === undefined ? <div className="top-bar" /> : <Page />;
}

export function App(): ReactNode {
  const page = useApp((s) => s.page);
  useEffect(() => provideParts(() => import('./parts.ts')), []);
  useEffect(() => {
    addEventListener('keydown', onKey);
    addEventListener('click', onClick);
    return () => {
      removeEventListener('keydown', onKey);
      removeEventListener('click', onClick);
    };
  }, []);
  return (
    <>
      <h1 className="hidden">mmscope: lock contention in Linux memory management</h1>
      {page === 'run' ? (
        <RunPage />
      ) : (
        <LatePage page={page === 'experiments' ? 'ExperimentsPage' : 'MechanismsPage'} />
      )}
      <NoticeBar />
      <Explanations />
    </>
  );
}
