import { createRoot } from 'react-dom/client';
import { isQuiet } from '../store/index.ts';
import { pageStore, startPage } from '../store/page.ts';
import { App } from './app.tsx';
import { framePending } from './frame.ts';
import { partsAwaited } from './late.ts';
import './styles/index.css';

declare global {
  interface Window {
    /** True when nothing is under way and everything is drawn: for pictures that shall not change. */
    __mmscopeIdle(): boolean;
    /** True when the address says what the page shows, too: for a link that is kept, a reload, a way back. */
    __mmscopeWritten(): boolean;
  }
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root element');

// Before the components hear of it: painters read the colours of the theme that is in force.
const applyTheme = (): void => {
  document.documentElement.dataset['theme'] = pageStore.getState().theme;
};
applyTheme();
pageStore.subscribe((now, before) => {
  if (now.theme !== before.theme) applyTheme();
});

createRoot(root).render(<App />);
const address = startPage();

window.__mmscopeIdle = () =>
  isQuiet(pageStore.getState()) &&
  !address.busy() &&
  !framePending() &&
  !partsAwaited() &&
  document.fonts.status === 'loaded';
window.__mmscopeWritten = () => window.__mmscopeIdle() && !address.waiting();
