import { expect, test } from 'vitest';
import { chordOf } from './keys.ts';

const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) =>
  chordOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });

test('letters keep their case, commands are upper case with Shift named', () => {
  expect(press('j')).toBe('j');
  expect(press('S', { shiftKey: true })).toBe('S');
  expect(press('x', { ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+X');
  expect(press('X', { metaKey: true, shiftKey: true })).toBe('Ctrl+Shift+X');
});

test('signs are taken as typed, whatever keyboard needs Shift for them', () => {
  expect(press('?', { shiftKey: true })).toBe('?');
  expect(press('/', { shiftKey: true })).toBe('/');
  expect(press('Escape')).toBe('Escape');
});
