import { openStoredJson, type StoredJson } from '../settings/stored-json.ts';
import { inboxSchema, type Inbox } from './inbox.ts';

/** Opens the inbox kept over restarts. @throws HalfspreadError HS_INBOX_READ when it exists and cannot be read or set aside. */
export function openInboxFile(path: string, nowMs: () => number): Promise<StoredJson<Inbox>> {
  return openStoredJson({
    path,
    schema: inboxSchema,
    noun: 'list of alerts',
    codes: { read: 'HS_INBOX_READ', write: 'HS_INBOX_WRITE', setAside: 'HS_INBOX_SET_ASIDE' },
    without: 'it starts empty',
    nowMs,
  });
}
