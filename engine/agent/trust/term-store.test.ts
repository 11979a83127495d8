import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTermStore } from './term-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-term-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('lets an engine trade only while it holds the highest term it knows, also after a restart', async () => {
  const terms = await openTermStore(folder, 'me');
  expect(terms.mayTrade()).toBe(false);
  await terms.note({ term: 3, holder: 'me' });
  expect(terms.mayTrade()).toBe(true);
  expect((await openTermStore(folder, 'me')).mayTrade()).toBe(true);
  await terms.note({ term: 4, holder: 'other' });
  expect(terms.mayTrade()).toBe(false);
  expect((await openTermStore(folder, 'me')).current()).toEqual({ term: 4, holder: 'other' });
});

it('never goes back, and never gives one term to two engines', async () => {
  const terms = await openTermStore(folder, 'me');
  const old = { code: 'HS_TERM_OLD' };
  await terms.note({ term: 5, holder: 'other' });
  await expect(terms.note({ term: 4, holder: 'me' })).rejects.toMatchObject(old);
  await expect(terms.note({ term: 5, holder: 'me' })).rejects.toMatchObject(old);
  await terms.note({ term: 5, holder: 'other' });
  const [later, earlier] = [terms.note({ term: 7, holder: 'me' }), terms.note({ term: 6, holder: 'other' })];
  await later;
  await expect(earlier).rejects.toMatchObject(old);
  expect((await openTermStore(folder, 'me')).current()).toEqual({ term: 7, holder: 'me' });
});

it('refuses a damaged file by name and field', async () => {
  const path = join(folder, 'term.json');
  await writeFile(path, '{"version":1,"term":-1,"holder":"me"}');
  await expect(openTermStore(folder, 'me')).rejects.toMatchObject({
    code: 'HS_STATE_FILE',
    message: expect.stringContaining(`${path} is damaged (field term`) as string,
  });
});
