import type { ReactNode } from 'react';
import { app } from '../app-store.ts';
import { Modal } from '../controls/modal.tsx';
import { Finder } from './finder.tsx';

/** The find box: a dialog over the page. */
export function FindDialog(): ReactNode {
  return (
    <Modal className="find" label="Find" onClose={() => app().setFind(false)}>
      <Finder />
    </Modal>
  );
}
