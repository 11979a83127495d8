/** The end of trading keys: what to tell when half, a fifth, a twentieth of a key's life is left, and at its end. Pure. */
import type { KeyRecord } from '../ipc/key-schema.ts';
import { formatDay, formatDuration, formatTime } from '../text/numbers.ts';
import { wordsIn } from '../text/words.ts';
import type { AlertDraft } from './alert-draft.ts';
import { inAllLanguages } from './spike-words.ts';

/** Percent of life left; 0 is the end. */
const LEVELS = [50, 20, 5, 0] as const;
type Level = (typeof LEVELS)[number];

/** A newer word about a key takes the place of the older. */
export const keyAlertCategory = (id: string): string => `key.${id}`;

/**
 * @param now Unix ms
 * @returns the alerts, and by key the level to remember as told (`expiryTold`)
 */
export function tellKeyExpiry(
  records: readonly KeyRecord[],
  now: number,
): { alerts: AlertDraft[]; told: Map<string, number> } {
  const alerts: AlertDraft[] = [];
  const told = new Map<string, number>();
  for (const record of records) {
    const level = levelOf(record, now);
    // A key that was replaced ends unmissed.
    if (level === undefined || level >= (record.expiryTold ?? 100) || record.replacedAt !== undefined) continue;
    told.set(record.id, level);
    alerts.push(alertOf(record, level, now));
  }
  return { alerts, told };
}

/** The lowest level reached. */
function levelOf({ createdAt, expiresAt }: KeyRecord, now: number): Level | undefined {
  if (expiresAt === undefined) return undefined;
  const percentLeft = (100 * (expiresAt - now)) / Math.max(1, expiresAt - createdAt);
  return LEVELS.findLast((level) => percentLeft <= level);
}

function alertOf(record: KeyRecord, level: Level, now: number): AlertDraft {
  const { id, label, venue, inUse, expiresAt = now } = record;
  const name = { paradex: 'Paradex', vest: 'Vest' }[venue];
  return {
    group: 'keys',
    category: keyAlertCategory(id),
    severity: severityOf(level, inUse),
    page: 'risk',
    words: inAllLanguages((language) => {
      const { text } = wordsIn(language);
      if (level === 0) {
        return {
          title: text('alert.key.ended.title', { venue: name }),
          body: text(inUse ? 'alert.key.ended.inUse' : 'alert.key.ended.spare', { label }),
        };
      }
      return {
        title: text('alert.key.ends.title', { venue: name, duration: formatDuration(language, expiresAt - now) }),
        body: text('alert.key.ends.body', {
          label,
          day: formatDay(language, expiresAt),
          time: formatTime(expiresAt, 'minutes'),
        }),
      };
    }),
  };
}

function severityOf(level: Level, inUse: boolean): AlertDraft['severity'] {
  if (level === 50 || !inUse) return 'info';
  return level === 20 ? 'warn' : 'critical';
}
