/** The list of alerts: newest first, bounded. Pure. */
import { z } from 'zod';
import { alertSchema, type Alert } from '../ipc/alert-schema.ts';
import type { AlertDraft } from './alert-draft.ts';

export const MAX_ALERTS = 200;

export const inboxSchema = z.strictObject({
  version: z.literal(1),
  /** The next alert's number: numbers are not used again after old alerts fell out. */
  nextId: z.number().int().min(1),
  alerts: z.array(alertSchema).max(MAX_ALERTS),
});
export type Inbox = z.infer<typeof inboxSchema>;

export const EMPTY_INBOX: Inbox = { version: 1, nextId: 1, alerts: [] };

export function addAlert(inbox: Inbox, draft: AlertDraft, at: number): Inbox {
  const { category, severity, words, tradeId, page } = draft;
  const about = { ...(tradeId && { tradeId }), ...(page && { page }) };
  const alert: Alert = { id: inbox.nextId, at, severity, category, words, ...about, read: false };
  return { version: 1, nextId: inbox.nextId + 1, alerts: [alert, ...inbox.alerts].slice(0, MAX_ALERTS) };
}

/** @param ids all of them when undefined; unknown ones are passed over */
export function markRead(inbox: Inbox, ids?: readonly number[]): Inbox {
  const isMeant = (alert: Alert) => !alert.read && (!ids || ids.includes(alert.id));
  if (!inbox.alerts.some(isMeant)) return inbox;
  return { ...inbox, alerts: inbox.alerts.map((alert) => (isMeant(alert) ? { ...alert, read: true } : alert)) };
}

export function unreadCount(inbox: Inbox): number {
  return inbox.alerts.filter(({ read }) => !read).length;
}
