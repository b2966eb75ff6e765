import { indexOf, mmOf, objectLabel, type Px } from '../../event/index.ts';
import { drain } from '../frame.ts';
import { VMAS } from '../layout/lock-order.ts';
import { offsetSurface } from '../paint/offset-surface.ts';
import type { Palette } from '../paint/palette.ts';
import type { Surface } from '../paint/surface.ts';
import { SvgSurface } from '../paint/svg-surface.ts';
import { saveFile } from '../save.ts';
import { quietTitle, toldLabel, waitedTitle } from '../text/lock-label.ts';
import { pageBytes } from '../text/numbers.ts';
import { drawGrid, drawHead, hiddenTicks, overviewOf } from './draw-head.ts';
import { drawAreas, drawLocks, drawThreads, type ThreadScene } from './draw-lanes.ts';
import { coveredBy, drawOverlay, type Overlay } from './draw-overlay.ts';
import { AREA_BAR, AREA_PITCH, AREAS_GAP, GUTTER, HEAD } from './geometry.ts';
import type { Layout } from './use-layout.ts';

const LEFT: Px = 12;

function name(surface: Surface, y: Px, text: string, right = '', size: Px = 11.5): void {
  surface.text(LEFT, y, text, { paint: 'fg', size });
  if (right !== '') surface.text(GUTTER - 8, y, right, { paint: 'dim', size: size - 0.5, align: 'right' });
}

function threadNames(surface: Surface, { lanes, groups }: Layout, { meta }: ThreadScene): void {
  for (const { kind, top, height, thread, group } of lanes.rows) {
    const y = top + height / 2 + 4;
    if (kind !== 'thread') {
      name(surface, y, groups[group]?.name ?? '', String(groups[group]?.threads.length ?? ''));
      continue;
    }
    const { name: title = '', cpu = null } = meta.threads[thread] ?? {};
    const size = Math.min(11.5, height - 1);
    name(surface, y, title, cpu === null ? '' : `cpu ${cpu}`, size);
  }
}

function lockNames(
  surface: Surface,
  { locks, quiet, waited, vmaNames }: Layout,
  { meta, view }: ThreadScene,
): void {
  for (const { lane, name: kind, top } of locks.rows) {
    if (kind === 'quiet') {
      name(surface, top + 14, quietTitle(quiet.locks, meta));
      name(surface, top + 29, 'never contended');
      continue;
    }
    const lock = view.lockOf(lane) ?? 0;
    const whose = kind === 'table' && meta.mms.length > 1 ? (meta.mms[mmOf(lock)] ?? '') : '';
    if (kind === 'tables') name(surface, top + 14, 'page tables');
    else if (kind === 'vmas') {
      name(surface, top + 14, 'vm_lock');
      name(surface, top + 29, waitedTitle(waited[VMAS] ?? { waited: 0, lanes: 0 }, true));
    } else if (kind === 'vma')
      name(surface, top + 14, vmaNames.get(indexOf(lock)) ?? objectLabel(lock, meta));
    else if (kind === 'seq' || kind === 'grace') name(surface, top + 11, toldLabel(lock, meta));
    else name(surface, top + 14, objectLabel(lock, meta), whose);
  }
}

/** The whole time view as an SVG document, `width` px wide: all lanes, whatever is scrolled out of sight. */
export function pictureOf(
  palette: Palette,
  width: Px,
  layout: Layout,
  scene: ThreadScene,
  over: Omit<Overlay, 'hover'>,
): string {
  const { range, extent, lanes, locks, bands, areasRoom } = layout;
  const svg = new SvgSurface(palette);
  const locksTop = HEAD + lanes.total;
  const areasTop = locksTop + locks.total;
  const height = areasTop + areasRoom;
  svg.rect(0, 0, width, height, 'bg');
  const hidden = hiddenTicks(range, width, coveredBy(over, width));
  drawHead(svg, width, 1, overviewOf(scene.view, extent), range, extent, hidden);
  const threads = offsetSurface(svg, 0, HEAD);
  drawGrid(threads, width, height - HEAD, range);
  drain(drawThreads(threads, width, lanes.total, 1, scene, 0));
  threadNames(threads, layout, scene);
  const lockSurface = offsetSurface(svg, 0, locksTop);
  drain(drawLocks(lockSurface, width, locks.total, 1, scene.view, range, locks.rows, 0, layout.focus));
  lockNames(lockSurface, layout, scene);
  const areas = offsetSurface(svg, 0, areasTop);
  drain(drawAreas(areas, width, 1, scene.view, range, bands));
  bands.forEach((band, i) => {
    const y = AREAS_GAP + i * AREA_PITCH + AREA_BAR / 2 + 4;
    name(areas, y, layout.bandNames[i] ?? '', pageBytes(band.pages));
  });
  // What is scrolled out of sight on the screen is in the picture: edges are only right where nothing is.
  const still = lanes.total <= layout.room;
  const drawn = still ? over : { ...over, edges: [], wakes: [] };
  drawOverlay(svg, width, { ...drawn, hover: null, bottom: height }, HEAD);
  return svg.document(width, height);
}

/** Hands a picture to the reader as a file. */
export function savePicture(svg: string, title: string): void {
  saveFile(`${title.replace(/[^\w-]+/g, '-')}.svg`, 'image/svg+xml', svg);
}
