import type { AppSites } from '../deploy/app-sites.ts';
import type { Asking } from '../lifecycle/asking.ts';
import type { SleepGuard } from '../lifecycle/sleep-guard.ts';
import type { ModesPart } from '../modes/open-modes.ts';
import type { Alerts } from '../notify/alerts.ts';
import type { PlacedDesk } from '../place/placed-desk.ts';
import type { WindowHost } from '../shell/ports.ts';
import type { TrayAction } from './model.ts';

/** The parts of the program an entry of the tray's menu reaches. */
export interface TrayTargets {
  window(): Pick<WindowHost, 'open'> | undefined;
  asking: Pick<Asking, 'dialog' | 'follow' | 'quit'>;
  desk: Pick<PlacedDesk, 'command' | 'unlock'>;
  modes: Pick<ModesPart, 'disarm'>;
  sites: Pick<AppSites, 'handlers'>;
  alerts: Pick<Alerts, 'mute'>;
  sleepGuard: Pick<SleepGuard, 'commanded'>;
  nowMs(): number;
}

const MUTE_MS = 3_600_000;

/** What each entry of the tray's menu does. @param site of the entries of one server */
export async function doTrayAction(action: TrayAction, site: string | undefined, targets: TrayTargets): Promise<void> {
  const { asking, desk, modes, sites, alerts, sleepGuard } = targets;
  const act = async (name: 'upgrade' | 'start' | 'stop'): Promise<void> => {
    await sites.handlers['sites.act']({ site: site ?? '', action: name, override: false });
  };
  switch (action) {
    case 'open':
      return targets.window()?.open();
    case 'closeAll':
    case 'arm':
    case 'deploy':
      return asking.dialog(action);
    case 'disarm':
      return modes.disarm('operator');
    case 'pause':
    case 'start':
      sleepGuard.commanded({ name: action });
      await desk.command({ name: action });
      return;
    case 'mute':
      return alerts.mute(targets.nowMs() + MUTE_MS);
    case 'unmute':
      return alerts.mute(undefined);
    case 'unlock':
      return desk.unlock();
    case 'redeploy':
      return act('upgrade');
    case 'siteStart':
      return act('start');
    case 'siteStop':
      return act('stop');
    case 'siteShow':
      return asking.follow({ route: { page: 'sites' }, isExact: true });
    case 'quit':
      return asking.quit();
  }
}
