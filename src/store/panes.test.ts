import { expect, test } from 'vitest';
import { NO_PANES, type Panes, readPanes } from './panes.ts';
import { Bench } from './testing.ts';

const drawn: Panes = { columns: { code: 30, view: 50, inspector: 20 }, drawerHeight: 300 };

test('what was kept comes back', () => {
  expect(readPanes(JSON.stringify(drawn))).toEqual(drawn);
  expect(readPanes(JSON.stringify(NO_PANES))).toEqual(NO_PANES);
});

test('anything else counts as nothing drawn', () => {
  for (const text of [null, '', '{', '[]', '7', '{"columns":{"a":"x"},"drawerHeight":-1}']) {
    expect(readPanes(text)).toEqual(NO_PANES);
  }
  expect(readPanes('{"columns":[1,2,3],"drawerHeight":1e999}')).toEqual(NO_PANES);
});

test('a size that is drawn is kept beside the others', () => {
  const { state, kept } = new Bench();
  state.setColumns(drawn.columns ?? {});
  state.setDrawerHeight(300);
  expect(kept.panes).toEqual(drawn);
  state.setDrawerHeight(null);
  expect(kept.panes).toEqual({ ...drawn, drawerHeight: null });
});
