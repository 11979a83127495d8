import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Modules of the engine's side that the practice venue may share: the words of the wire, never its code. */
const ALLOWED = /venues\/paradex\/wire\.ts$/;

it('shares no signing, decoding or client code with the engine', () => {
  const folder = new URL('./', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'),
  );
  expect(files.length).toBeGreaterThan(25);
  const shared = files.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/from '([^']+)'/g)]
      .map((match) => match[1]!)
      .filter((source) => source.startsWith('@scure') || (source.includes('/venues/') && !ALLOWED.test(source)))
      .map((source) => `${name}: ${source}`),
  );
  expect(shared).toEqual([]);
});
