import { describe, expect, test } from 'vitest';
import { ariaKeys, keysIn, tip } from './tip.ts';

describe('keys as the help tells them', () => {
  test('a cell of the table holds one key or two', () => {
    expect(keysIn('Space')).toEqual(['Space']);
    expect(keysIn('Home End')).toEqual(['Home', 'End']);
    expect(keysIn('Shift ← →')).toEqual(['Shift ←', 'Shift →']);
    expect(keysIn('c  Shift c')).toEqual(['c', 'Shift c']);
    expect(keysIn('/  Ctrl k')).toEqual(['/', 'Ctrl k']);
  });
});

describe('what an element carries', () => {
  test('nothing for an empty text, so that no empty tip comes', () => {
    expect(tip('')).toEqual({});
  });

  test('keys are there for assistive technology too', () => {
    expect(ariaKeys('Shift ←')).toBe('Shift+ArrowLeft');
    expect(tip('Find', ['/', 'Ctrl k'])).toEqual({
      'data-tip': 'Find',
      'data-tip-keys': '/\nCtrl k',
      'aria-keyshortcuts': '/ Control+k',
    });
  });
});
