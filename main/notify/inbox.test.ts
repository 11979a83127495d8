import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertDraft } from './alert-draft.ts';
import { openInboxFile } from './inbox-file.ts';
import { addAlert, EMPTY_INBOX, markRead, MAX_ALERTS, unreadCount, type Inbox } from './inbox.ts';

const draft: AlertDraft = {
  group: 'spikes',
  category: 'spike.slippage',
  severity: 'warn',
  words: { en: { title: 'Spike', body: 'b' }, fr: { title: 'Pic', body: 'b' } },
};
const filled = (count: number): Inbox =>
  Array.from({ length: count }).reduce<Inbox>((inbox, _, at) => addAlert(inbox, draft, at), EMPTY_INBOX);

describe('inbox', () => {
  it('has the newest first, unread, and keeps at most its bound, never using a number twice', () => {
    const inbox = filled(MAX_ALERTS + 5);
    expect(inbox.alerts.length).toBe(MAX_ALERTS);
    expect(inbox.alerts[0]).toMatchObject({ id: MAX_ALERTS + 5, read: false });
    expect(inbox.alerts.at(-1)?.id).toBe(6);
  });

  it('marks some or all as read, and is the same object when nothing changes', () => {
    const some = markRead(filled(3), [2, 99]);
    expect(some.alerts.map(({ id, read }) => [id, read])).toEqual([
      [3, false],
      [2, true],
      [1, false],
    ]);
    expect(unreadCount(markRead(some))).toBe(0);
    expect(markRead(some, [2])).toBe(some);
  });
});

describe('inbox file', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hs-inbox-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps alerts over a restart', async () => {
    const path = join(folder, 'inbox.json');
    const first = await openInboxFile(path, Date.now);
    expect(first.found).toBeUndefined();
    await first.replace(markRead(filled(2), [1]));
    expect((await openInboxFile(path, Date.now)).found).toEqual(markRead(filled(2), [1]));
  });

  it('sets a file it cannot use aside under a name it tells, and starts empty', async () => {
    const path = join(folder, 'inbox.json');
    await writeFile(path, '{"version":1,"nextId":1,"alerts":[{}]}');
    const opened = await openInboxFile(path, () => 0);
    const kept = `${path}.unreadable-1970-01-01T00-00-00.000Z`;
    expect(opened.found).toBeUndefined();
    expect(opened.setAside).toMatchObject({ code: 'HS_INBOX_SET_ASIDE', message: expect.stringContaining(kept) });
    expect(await readFile(kept, 'utf8')).toContain('"alerts":[{}]');
  });
});
