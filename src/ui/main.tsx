import { createRoot } from 'react-dom/client';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root element');
createRoot(root).render(
  <main>
    <h1>mmscope</h1>
    <p>Version {__VERSION__}</p>
  </main>,
);
