import { z } from 'zod';
import type { WireError } from '../../engine/protocol/errors.ts';
import { modeSchema } from '../../engine/protocol/model.ts';
import { mutedUntilSchema, quietHoursSchema } from '../ipc/alert-schema.ts';
import { endpointsChoiceSchema } from '../ipc/endpoint-schema.ts';
import { spikeSensitivitySchema } from '../../engine/protocol/messages.ts';
import { preferredShellSchema } from '../ipc/desktop-schema.ts';
import { languageSchema, practiceChoiceSchema, themeSchema } from '../ipc/schema.ts';
import { openStoredJson } from './stored-json.ts';

/** Absent: practice, at the venues' production addresses. */
const modeSettingsSchema = z.strictObject({
  mode: modeSchema,
  /** What paper or live was started with last; the same again after a restart. */
  running: endpointsChoiceSchema.optional(),
  /** What the next start uses. */
  endpoints: endpointsChoiceSchema,
});
export type ModeSettings = z.infer<typeof modeSettingsSchema>;

export const settingsSchema = z.strictObject({
  version: z.literal(1),
  language: languageSchema.optional(),
  theme: themeSchema.optional(),
  /** Absent until the operator chooses: the first tape over a rural line. */
  practice: practiceChoiceSchema.optional(),
  modes: modeSettingsSchema.optional(),
  mutedUntil: mutedUntilSchema.optional(),
  quietHours: quietHoursSchema.optional(),
  spikeSensitivity: spikeSensitivitySchema.optional(),
  /** Absent: the desktop window where it can run. */
  preferredShell: preferredShellSchema.optional(),
  /** The first-run card was put away. */
  firstRunDone: z.literal(true).optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

const EMPTY: Settings = { version: 1 };

export interface SettingsStore {
  get(): Settings;
  /** Written to disk before it resolves; a value of undefined takes the setting away. @throws HalfspreadError HS_SETTINGS_WRITE */
  set(change: Omit<Settings, 'version'>): Promise<void>;
  /** A file that could not be used at start and was kept aside, with the name it has now. */
  readonly setAside: WireError | undefined;
}

/** Opens the settings file. @throws HalfspreadError HS_SETTINGS_READ when it exists and cannot be read or set aside. */
export async function openSettings(path: string, nowMs: () => number): Promise<SettingsStore> {
  const stored = await openStoredJson({
    path,
    schema: settingsSchema,
    noun: 'settings',
    codes: { read: 'HS_SETTINGS_READ', write: 'HS_SETTINGS_WRITE', setAside: 'HS_SETTINGS_SET_ASIDE' },
    without: 'Halfspread starts with its own',
    nowMs,
  });
  let current = stored.found ?? EMPTY;
  return {
    setAside: stored.setAside,
    get: () => current,
    set(change) {
      current = { ...current, ...change };
      return stored.replace(current);
    },
  };
}
