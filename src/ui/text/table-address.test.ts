import { expect, test } from 'vitest';
import { objectLabel } from '../../event/index.ts';
import { meta } from '../paint/testing.ts';
import { tableAt } from './table-address.ts';

test('any address within a table names it', () => {
  for (const text of ['0x181ca00000', '181ca00000', ' 0X181CA00FFF ', '0x181cbfffff']) {
    expect(objectLabel(tableAt(text, 0, meta) ?? 0, meta)).toBe('page table 0x181ca00000');
  }
});

test('what is no address of this process names nothing', () => {
  for (const text of ['', '0x', 'heap', '-1', '0x1ffffffffffff', '0xffffffffffff']) {
    expect(tableAt(text, 0, meta), text).toBeNull();
  }
  expect(tableAt('0x1000', 7, meta)).toBeNull();
});
