import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LOCAL_HOLDER } from '../../engine/protocol/term.ts';
import { openTerms } from './terms.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-terms-'));
  path = join(folder, 'config', 'term.json');
});
afterEach(() => rm(folder, { recursive: true }));

it('lets this machine trade until a server was given the right, also after a restart, and again when it is given back', async () => {
  const terms = await openTerms(path);
  expect(terms.mayTradeHere()).toBe(true);
  expect(await terms.grant('agent')).toEqual({ term: 1, holder: 'agent' });
  expect(terms.mayTradeHere()).toBe(false);
  expect((await openTerms(path)).mayTradeHere()).toBe(false);
  expect(await terms.grant(LOCAL_HOLDER)).toEqual({ term: 2, holder: 'local' });
  expect((await openTerms(path)).mayTradeHere()).toBe(true);
});

it('gives every grant a number of its own, above what any agent knows', async () => {
  const terms = await openTerms(path);
  terms.heard(41);
  const granted = await Promise.all(['a', 'b', 'c'].map((holder) => terms.grant(holder)));
  expect(granted.map(({ term }) => term)).toEqual([42, 43, 44]);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ version: 1, term: 44, holder: 'c' });
});

it('refuses a damaged file instead of taking it for none', async () => {
  const terms = await openTerms(path);
  await terms.grant('agent');
  await writeFile(path, '{"version":1,"term":0');
  await expect(openTerms(path)).rejects.toMatchObject({
    code: 'HS_TERM_FILE',
    message: expect.stringContaining(path) as string,
  });
});
