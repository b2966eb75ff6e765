/**
 * What the page can be painted without: everything that needs the component library, the drawer with it, the pages of
 * experiments and mechanisms, and what only an answer to the reader's hand needs. One chunk, so that it is fetched once; of
 * two, what they share with the page would become a third.
 */

import './styles/late.css';

export { scenarios } from '../store/scenarios.ts';
export { munmapChoices } from '../store/strategies.ts';
export { Conditions } from './bars/conditions.tsx';
export { share } from './bars/share.ts';
export { SpeedPanel } from './bars/speed-panel.tsx';
export { RecordFacts } from './code/facts.tsx';
export { KernelChoices } from './controls/kernel-choices.tsx';
export { Panel } from './controls/panel.tsx';
export { SelectMenu } from './controls/select-menu.tsx';
export { Settings } from './controls/settings.tsx';
export { ExperimentsPage } from './experiments/experiments-page.tsx';
export { FindDialog } from './find/find-dialog.tsx';
export { MechanismsPage } from './mechanisms/mechanisms-page.tsx';
export { HelpDialog } from './panels/help-dialog.tsx';
export { Refusal } from './panels/refusal.tsx';
export { Told } from './panels/told.tsx';
export { CornerItems } from './timeline/corner-items.tsx';
export { FilterBar } from './timeline/filter-bar.tsx';
export { pictureOf, savePicture } from './timeline/picture.ts';
export { TableFinder } from './timeline/table-finder.tsx';
export { Tooltip } from './timeline/tooltip.tsx';
export { Tips } from './tips/tips.tsx';
export { Drawer } from './why/drawer.tsx';
