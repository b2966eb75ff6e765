/**
 * What the page can be painted without: everything that needs the component library, and the drawer's larger
 * panels. One chunk, so that it is fetched once.
 */

export { Conditions } from './bars/conditions.tsx';
export { SpeedPanel } from './bars/speed-panel.tsx';
export { Panel } from './controls/panel.tsx';
export { SelectMenu } from './controls/select-menu.tsx';
export { Settings } from './controls/settings.tsx';
export { FindDialog } from './find/find-dialog.tsx';
export { HelpDialog } from './panels/help-dialog.tsx';
export { Tips } from './tips/tips.tsx';
export { BlamePanel } from './why/blame-panel.tsx';
export { StatisticsPanel } from './why/statistics-panel.tsx';
export { StoryPanel } from './why/story-panel.tsx';
