import type { MutedUntil, QuietHours } from '../ipc/alert-schema.ts';

export interface QuietSettings {
  mutedUntil?: MutedUntil | undefined;
  quietHours?: QuietHours | undefined;
}

/** Whether alerts that are not critical stay in the inbox. @param now Unix ms @param minuteOfDay local, 0..1439 */
export function isQuiet(settings: QuietSettings, now: number, minuteOfDay: number): boolean {
  const { mutedUntil, quietHours } = settings;
  if (mutedUntil !== undefined && (mutedUntil === 'unmuted' || now < mutedUntil)) return true;
  if (!quietHours) return false;
  const { fromMinute, toMinute } = quietHours;
  return fromMinute < toMinute
    ? minuteOfDay >= fromMinute && minuteOfDay < toMinute
    : minuteOfDay >= fromMinute || minuteOfDay < toMinute;
}
