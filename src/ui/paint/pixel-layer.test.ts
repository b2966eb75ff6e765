import { describe, expect, test } from 'vitest';
import { PixelLayer, type Tile } from './pixel-layer.ts';

const plain = (r: number, g: number, b: number, a = 255): Tile => ({
  size: 1,
  pixels: new Uint32Array(new Uint8Array([r, g, b, a]).buffer),
});
const RED = plain(255, 0, 0);
const BLUE = plain(0, 0, 255);

function at(layer: PixelLayer, x: number, y: number): number[] {
  const i = 4 * (y * layer.width + x);
  return [...layer.bytes.subarray(i, i + 4)];
}

describe('a picture in memory', () => {
  test('takes rectangles, those that reach over its edges cut', () => {
    const layer = new PixelLayer(4, 3);
    layer.fill(2, 1, 5, 5, RED, 1);
    layer.fill(-3, -3, 4, 4, BLUE, 1);
    layer.fill(7, 0, 2, 2, RED, 1);
    expect(at(layer, 0, 0)).toEqual([0, 0, 255, 255]);
    expect(at(layer, 1, 0)).toEqual([0, 0, 0, 0]);
    expect(at(layer, 1, 1)).toEqual([0, 0, 0, 0]);
    expect(at(layer, 2, 1)).toEqual([255, 0, 0, 255]);
    expect(at(layer, 3, 2)).toEqual([255, 0, 0, 255]);
    layer.clear();
    expect(at(layer, 3, 2)).toEqual([0, 0, 0, 0]);
  });

  test('mixes what is laid over something else', () => {
    const layer = new PixelLayer(3, 1);
    layer.fill(0, 0, 2, 1, RED, 1);
    layer.fill(1, 0, 2, 1, BLUE, 0.4);
    expect(at(layer, 0, 0)).toEqual([255, 0, 0, 255]);
    expect(at(layer, 1, 0)).toEqual([153, 0, 102, 255]);
    expect(at(layer, 2, 0)).toEqual([0, 0, 255, 102]);
    // Two translucent layers: 102 + 102 × 0.6, of which 102 are red.
    layer.fill(2, 0, 1, 1, RED, 0.4);
    expect(at(layer, 2, 0)).toEqual([159, 0, 96, 163]);
  });

  test('gives a pixel as much as is covered of it', () => {
    const layer = new PixelLayer(4, 3);
    layer.fill(0.5, 0.5, 2, 1.5, RED, 1);
    const alphas = [0, 1, 2].map((y) => [0, 1, 2, 3].map((x) => at(layer, x, y)[3]));
    expect(alphas).toEqual([
      [64, 128, 64, 0],
      [128, 255, 128, 0],
      [0, 0, 0, 0],
    ]);
    layer.fill(3.25, 2, 0.5, 1, BLUE, 1);
    expect(at(layer, 3, 2)).toEqual([0, 0, 255, 128]);
  });

  test('repeats a tile from its own corner on, wherever the rectangle begins', () => {
    const layer = new PixelLayer(4, 2);
    const bytes = new Uint8Array([255, 0, 0, 255, 0, 0, 255, 255, 0, 0, 255, 255, 255, 0, 0, 255]);
    layer.fill(1, 0, 3, 2, { size: 2, pixels: new Uint32Array(bytes.buffer) }, 1);
    expect([0, 1, 2, 3].map((x) => at(layer, x, 0)[0])).toEqual([0, 0, 255, 0]);
    expect([0, 1, 2, 3].map((x) => at(layer, x, 1)[0])).toEqual([0, 255, 0, 255]);
  });
});
