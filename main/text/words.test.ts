import { expect, test } from 'vitest';
import { wordsIn } from './words.ts';

test('texts come in the asked language with their values filled in', () => {
  expect(wordsIn('en').text('desk.tape', { tape: 'a' })).toBe('Tape a');
  expect(wordsIn('fr').text('mode.practice')).toBe('EXERCICE');
});

test('each language chooses its plural form and writes the count its way', () => {
  expect(wordsIn('en').plural('recent.open', 0)).toBe('0 open');
  expect(wordsIn('fr').plural('recent.open', 1234)).toContain('1\u202f234');
});
