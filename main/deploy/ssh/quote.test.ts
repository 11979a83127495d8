import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shellCommand, shellQuote } from './quote.ts';

const printable = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/[\0\n\r]/.test(text));

it('a real shell hands on exactly what was quoted, whatever it is', () => {
  const nasty = ["'", '"', '$(touch x)', '`id`', '$HOME', '\\', "a'b'c", '-n', '*', '!!', '~', ' ', ''];
  const words = [...nasty, ...fc.sample(printable, 200)];
  const run = spawnSync('sh', ['-c', `printf '%s\\n' ${shellCommand(words.map((word) => `|${word}`))}`], {
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(run.stdout.split('\n').slice(0, -1)).toEqual(words.map((word) => `|${word}`));
});

it.each(['a\nb', 'a\0b', 'a\rb'])('refuses %j', (word) => {
  expect(() => shellQuote(word)).toThrow(expect.objectContaining({ code: 'HS_DEPLOY_QUOTE' }) as Error);
});
