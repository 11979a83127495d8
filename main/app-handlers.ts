import { HalfspreadError } from '../engine/protocol/errors.ts';
import { AUTHORIZED_COMMANDS, type Command } from '../engine/protocol/messages.ts';
import type { AppSites } from './deploy/app-sites.ts';
import { checkChoice, type Catalogue } from './engines/catalogue.ts';
import type { AppState } from './ipc/schema.ts';
import type { IpcHandlers } from './ipc/server.ts';
import type { Keys } from './keys/keys.ts';
import type { SecretDesk } from './keys/secret-desk.ts';
import type { Asking } from './lifecycle/asking.ts';
import type { Desktop } from './lifecycle/desktop.ts';
import type { SleepGuard } from './lifecycle/sleep-guard.ts';
import type { WindowMemory } from './lifecycle/window-memory.ts';
import type { ModesPart } from './modes/open-modes.ts';
import type { Alerts } from './notify/alerts.ts';
import type { Place } from './place/open-place.ts';
import type { SettingsStore } from './settings/settings.ts';

export interface AppParts {
  settings: SettingsStore;
  memory: Pick<WindowMemory, 'route'>;
  desk: Pick<Place, 'snapshot' | 'command'>;
  modes: Pick<ModesPart, 'practiceChanged'>;
  alerts: Alerts;
  keys: Pick<Keys, 'refresh' | 'state'>;
  secrets: Pick<SecretDesk, 'state'>;
  desktop: Pick<Desktop, 'refresh' | 'state'>;
  sites: Pick<AppSites, 'state'>;
  asking: Pick<Asking, 'take'>;
  sleepGuard: Pick<SleepGuard, 'commanded'>;
  catalogue(): Catalogue;
  state(): AppState;
  publishState(): void;
}

type AppCall =
  | 'app.open'
  | 'settings.set'
  | 'engine.command'
  | 'practice.choose'
  | 'alerts.read'
  | 'alerts.mute'
  | 'alerts.quiet'
  | 'keys.open';

/** The window's calls that reach across the parts of main; each part answers its own. */
export function appHandlers(parts: AppParts): Pick<IpcHandlers, AppCall> {
  const { settings, desk, alerts, keys, desktop } = parts;
  return {
    async 'app.open'() {
      await desktop.refresh();
      const route = parts.memory.route();
      return {
        app: parts.state(),
        snapshot: desk.snapshot(),
        alerts: alerts.state(),
        desktop: desktop.state(),
        sites: parts.sites.state(),
        ...(route && { route }),
        ...parts.asking.take(),
      };
    },
    async 'settings.set'(change) {
      await settings.set(change);
      parts.publishState();
      return {};
    },
    'engine.command'(command) {
      if (AUTHORIZED_COMMANDS.has(command.name)) throw needsPerson(command);
      parts.sleepGuard.commanded(command);
      return desk.command(command);
    },
    async 'practice.choose'(choice) {
      checkChoice(choice, parts.catalogue());
      await settings.set({ practice: choice });
      parts.publishState();
      await parts.modes.practiceChanged();
      return {};
    },
    'alerts.read'({ ids }) {
      alerts.read(ids);
      return {};
    },
    async 'alerts.mute'({ until }) {
      await alerts.mute(until);
      return {};
    },
    async 'alerts.quiet'({ hours }) {
      await alerts.setQuietHours(hours);
      return {};
    },
    'keys.open'() {
      keys.refresh();
      return { keys: keys.state(), prompt: parts.secrets.state() };
    },
  };
}

/** The window may not have such a command sent: a person confirms it outside of the window first. */
function needsPerson({ name }: Command): HalfspreadError {
  return new HalfspreadError(
    'HS_COMMAND_NEEDS_PERSON',
    `"${name}" is not sent for the window alone; nothing was done.`,
    'Arm from the dialog: it asks you outside of the window as well.',
  );
}
