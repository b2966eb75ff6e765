import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LockRuns, MarkKind } from '../../trace/index.ts';
import { abortMarks, lockMarks, lockMaxima, lockRuns, threadRuns, windowOf } from '../layout/runs.ts';
import { paintArea } from './areas.ts';
import { paintThread } from './lanes.ts';
import { paintDemand, paintDepth, paintMarks, paintOpenMarks, paintOwners } from './locks.ts';
import { paintMap } from './map.ts';
import { mapScene } from './map-testing.ts';
import { offsetSurface } from './offset-surface.ts';
import { RasterSurface } from './raster.ts';
import { paintShares } from './shares.ts';
import { coloursOf, LOCK, MM_SEQ, RCU, readAfterWrite, speculation, stealAndHandOver } from './testing.ts';
import { paintAborts, paintGrace, paintSequence } from './told.ts';
import { paintZone } from './zone.ts';
import { zoneScenes } from './zone-testing.ts';

/** What painters write, pixel by pixel, beside the pictures in `pictures/`. MMSCOPE_PICTURES=write makes those anew. */

const WIDTH = 120;
const css = readFileSync(new URL('../styles/palette.css', import.meta.url), 'utf8');
const place = (name: string): string => fileURLToPath(new URL(`./pictures/${name}.png`, import.meta.url));
/** Where pictures go that are not as they should be. */
const REJECTED = resolve('dist/pictures');

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function part(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The picture as a PNG: 8 bits, RGB, rows unfiltered. */
function encode({ width, height, pixels }: Picture): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (3 * width + 1));
  for (let y = 0; y < height; y++)
    rows.set(pixels.subarray(y * 3 * width, (y + 1) * 3 * width), y * (3 * width + 1) + 1);
  const data = deflateSync(rows, { level: 9 });
  return Buffer.concat([SIGNATURE, part('IHDR', head), part('IDAT', data), part('IEND', Buffer.alloc(0))]);
}

/** Reads what `encode` wrote. */
function decode(png: Buffer): Picture {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++)
    pixels.set(rows.subarray(y * (3 * width + 1) + 1, (y + 1) * (3 * width + 1)), y * 3 * width);
  return { width, height, pixels };
}

/** Where two pictures differ first, and in how many pixels; empty where they are the same. */
function difference(a: Picture, b: Picture): string {
  if (a.width !== b.width || a.height !== b.height)
    return `${a.width}x${a.height} pixels instead of ${b.width}x${b.height}`;
  let first = -1;
  let n = 0;
  for (let i = 0; i < a.pixels.length; i += 3) {
    const same = [0, 1, 2].every((k) => a.pixels[i + k] === b.pixels[i + k]);
    if (same) continue;
    if (first < 0) first = i / 3;
    n++;
  }
  return n === 0 ? '' : `${n} pixels differ, the first at ${first % a.width}, ${Math.floor(first / a.width)}`;
}

function compare(name: string, picture: Picture): void {
  if (process.env['MMSCOPE_PICTURES'] === 'write') {
    writeFileSync(place(name), encode(picture));
    return;
  }
  expect(existsSync(place(name)), `there is no picture ${name}; MMSCOPE_PICTURES=write makes it`).toBe(true);
  const found = difference(picture, decode(readFileSync(place(name))));
  if (found === '') return;
  mkdirSync(REJECTED, { recursive: true });
  writeFileSync(join(REJECTED, `${name}.png`), encode(picture));
  expect.fail(`${name}: ${found}; what was painted is in dist/pictures`);
}

type Scene = (surface: RasterSurface, ratio: number) => void;

const threads: Scene = (surface, ratio) => {
  const w = windowOf({ from: 0, to: 1_000 }, WIDTH - 4, ratio);
  const view = stealAndHandOver();
  for (const thread of [0, 1, 2]) {
    paintThread(surface, threadRuns(view, thread, w), { x: 2, y: 2 + 16 * thread, h: 13, ratio });
    paintThread(surface, threadRuns(readAfterWrite(), thread, w), { x: 2, y: 50 + 6 * thread, h: 5, ratio });
  }
  // Far out, where a pixel holds many intervals.
  const far = windowOf({ from: 0, to: 20_000 }, WIDTH - 4, ratio);
  paintThread(surface, threadRuns(view, 1, far), { x: 2, y: 70, h: 13, ratio });
  const shares = new Float64Array(w.pixels * 8);
  view.stateShares([0, 1, 2], 0, 1_000, w.pixels, shares);
  paintShares(surface, shares, w.pixels, { x: 2, y: 86, h: 18, ratio });
};

const locks: Scene = (surface, ratio) => {
  const w = windowOf({ from: 0, to: 1_000 }, WIDTH - 4, ratio);
  [stealAndHandOver(), readAfterWrite()].forEach((view, i) => {
    const top = 10 + 52 * i;
    const lane = view.lockLane(LOCK);
    const runs = lockRuns(view, lane, w, new LockRuns());
    paintOwners(surface, runs, { x: 2, y: top, h: 18, ratio });
    paintDepth(surface, runs, { x: 2, y: top + 28, h: 14, ratio }, lockMaxima(runs).depth);
    paintDemand(surface, runs, { x: 2, y: top + 26, ratio });
    const marks = lockMarks(view, lane, w, new Uint8Array(0));
    paintMarks(surface, marks, w.pixels, MarkKind.STEAL, { x: 2, y: top - 7, ratio }, 'down');
    paintMarks(surface, marks, w.pixels, MarkKind.HANDOVER, { x: 2, y: top + 19, ratio }, 'up');
  });
};

const areas: Scene = (surface, ratio) => {
  const pixels = (WIDTH - 4) * ratio;
  const pages = new Float64Array(3 * pixels);
  for (let at = 0; at < pixels; at++) {
    // Mapped in full at first, then dying from a third on, gone at the end; pages come, and go.
    const t = at / pixels;
    const mapped = t < 0.1 || t > 0.9 ? 0 : 100;
    pages.set([mapped, t > 0.6 ? mapped : t > 0.35 ? 40 : 0, mapped * (t < 0.5 ? t : 1 - t)], 3 * at);
  }
  paintArea(surface, pages, pixels, 100, { x: 2, y: 2, h: 20, ratio });
  paintArea(surface, pages, pixels, 400, { x: 2, y: 26, h: 20, ratio });
};

const map: Scene = (surface, ratio) => {
  const { layout, marks } = mapScene();
  paintMap(surface, layout, marks, ratio);
};

const zone: Scene = (surface, ratio) => {
  const [few, many] = zoneScenes(700);
  if (few !== undefined) paintZone(surface, few.layout, few.marks, ratio);
  if (many !== undefined) paintZone(offsetSurface(surface, 0, 76), many.layout, many.marks, ratio);
};

const pulses: Scene = (surface, ratio) => {
  const bits = new Uint8Array(WIDTH * ratio);
  for (const at of [10, 30, 31, 34, 60]) bits[at * ratio] = 1;
  for (const at of [20, 70, 76, 82]) bits[at * ratio] = 2;
  paintOpenMarks(surface, bits, bits.length, 0, { x: 0, y: 2, ratio }, 'down', 'level');
  paintOpenMarks(surface, bits, bits.length, 1, { x: 0, y: 14, ratio }, 'up', 'level-high');
};

const told: Scene = (surface, ratio) => {
  const view = speculation();
  const w = windowOf({ from: 0, to: 1_000 }, WIDTH - 4, ratio);
  // Far out, where spans are parts of a pixel.
  const far = windowOf({ from: 0, to: 40_000 }, WIDTH - 4, ratio);
  const [seq, grace] = [view.singleLane(MM_SEQ), view.singleLane(RCU)];
  paintSequence(surface, lockRuns(view, seq, w), { x: 2, y: 2, h: 13, ratio });
  paintSequence(surface, lockRuns(view, seq, far), { x: 2, y: 18, h: 13, ratio });
  const band = { x: 2, y: 34, h: 13, ratio };
  paintGrace(surface, lockRuns(view, grace, w), view.spans(grace, 0, 1_000, 9), w, band);
  paintGrace(surface, lockRuns(view, grace, w), view.spans(grace, 0, 1_000, 1), w, { ...band, y: 50 });
  for (const [y, h] of [
    [66, 13],
    [82, 5],
  ] as const) {
    paintThread(surface, threadRuns(view, 0, w), { x: 2, y, h, ratio });
    paintAborts(surface, abortMarks(view, 0, w, new Uint8Array(0)), w.pixels, { x: 2, y, h, ratio });
  }
};

/** What stands on the ground of the panels, not of the lanes. */
const ON_PANELS: readonly string[] = ['map', 'zone'];

const SCENES: readonly [name: string, width: number, height: number, scene: Scene][] = [
  ['threads', WIDTH, 106, threads],
  ['locks', WIDTH, 106, locks],
  ['areas', WIDTH, 48, areas],
  ['map', 300, 72, map],
  ['zone', 700, 126, zone],
  ['pulses', WIDTH, 22, pulses],
  ['told', WIDTH, 90, told],
];

describe.each(['dark', 'light'])('in the %s theme', (theme) => {
  const palette = coloursOf(css, theme);
  for (const ratio of [1, 2]) {
    test.each(SCENES)(`%s, ${ratio} device pixels per pixel`, (name, width, height, scene) => {
      const surface = new RasterSurface(
        width,
        height,
        palette,
        ratio,
        ON_PANELS.includes(name) ? 'panel' : 'bg',
      );
      scene(surface, ratio);
      compare(`${name}-${theme}-${ratio}x`, surface);
    });
  }
});

test('a pixel that differs is found', () => {
  const surface = new RasterSurface(4, 3, coloursOf(css, 'dark'), 1, 'bg');
  const before = decode(encode(surface));
  expect(difference(surface, before)).toBe('');
  surface.rect(2, 1, 1, 1, 'user');
  expect(difference(surface, before)).toBe('1 pixels differ, the first at 2, 1');
});
