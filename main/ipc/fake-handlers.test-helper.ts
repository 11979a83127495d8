/** Handlers for tests of the shells: they note what reached them. */
import type { Command } from '../../engine/protocol/messages.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { DesktopState } from './desktop-schema.ts';
import type { AppState, IpcInput } from './schema.ts';
import type { IpcHandlers } from './server.ts';
import type { SitesState } from './site-schema.ts';

export interface FakeHandlers extends IpcHandlers {
  commands: Command[];
  settings: IpcInput<'settings.set'>[];
}

const stopped = { state: 'stopped', restarts: 0 } as const;

export const fakeAppState: AppState = {
  version: '0.0.0',
  platform: 'linux',
  shell: { kind: 'browser' },
  language: 'en',
  theme: 'system',
  place: {},
  link: { state: 'lost', rtt: { n: 0 }, attempt: 0 },
  engine: stopped,
  venues: stopped,
  practice: { choice: { tape: 't', network: 'none', fees: 'zero' }, tapes: [], networks: [] },
};

export const fakeSitesState: SitesState = {
  version: '0.0.0',
  sites: [],
  unfinished: [],
  operations: [],
  questions: [],
  cloudServers: [],
  access: [],
  secrets: [],
  lookups: [],
  outlooks: [],
  links: [],
  figures: [],
  setAside: [],
};

const fakeModeHandlers = {
  'modes.open': () => {
    throw new HalfspreadError('HS_FAKE', 'There are no modes here.', 'Ask main.');
  },
  'modes.prepare': () => ({}),
  'modes.choose': () => ({}),
  'modes.setEndpoints': () => ({}),
  'modes.probe': () => ({}),
  'modes.cancelProbe': () => ({}),
  'modes.openConfig': () => ({ opened: false }),
  'arm.check': () => {
    throw new HalfspreadError('HS_NOT_LIVE', 'This desk is not live.', 'Choose live first.');
  },
  'arm.begin': () => ({}),
  'arm.disarm': () => ({}),
} as const;
export const fakeDesktopState: DesktopState = {
  startAtLogin: { state: 'off' },
  firstRun: 'done',
  spikeSensitivity: 'usual',
  preferredShell: 'desktop',
  folders: { config: '/config', data: '/data', logs: '/data/logs' },
  sleep: { state: 'untried' },
};

export function createFakeHandlers(): FakeHandlers {
  const commands: Command[] = [];
  const settings: IpcInput<'settings.set'>[] = [];
  return {
    commands,
    settings,
    'app.open': () => ({
      app: fakeAppState,
      alerts: { inbox: [], unread: 0, desktop: { state: 'untried' } },
      desktop: fakeDesktopState,
    }),
    'settings.set': (change) => {
      settings.push(change);
      return {};
    },
    'engine.command': (command) => {
      commands.push(command);
      return { done: command.name };
    },
    'alerts.read': () => ({}),
    'alerts.mute': () => ({}),
    'alerts.quiet': () => ({}),
    'keys.open': () => ({ keys: { storage: { kind: 'keychain', state: 'ready' }, keys: [], unlisted: 0 } }),
    'keys.check': () => ({}),
    'keys.storage': () => ({}),
    'keys.unlock': () => ({}),
    'keys.add': () => ({}),
    'keys.make': () => ({}),
    'keys.register': () => ({}),
    'keys.import': () => ({}),
    'keys.restore': () => ({}),
    'keys.test': () => ({}),
    'keys.rotate': () => ({}),
    'keys.revoke': () => ({}),
    'keys.delete': () => ({}),
    'keys.use': () => ({}),
    'keys.rename': () => ({}),
    'keys.cancel': () => ({}),
    'keys.dismiss': () => ({}),
    'secret.read': () => ({}),
    'secret.accept': () => ({}),
    'secret.cancel': () => ({}),
    'sites.state': () => fakeSitesState,
    'sites.refresh': () => ({}),
    'sites.look': () => ({ operationId: 'fake' }),
    'sites.where': () => ({ legs: [], minOrders: 8, places: [] }),
    'sites.dismiss': () => ({}),
    'place.move': () => ({}),
    'place.lock': () => ({}),
    'place.unlock': () => ({}),
    'sites.deleteServer': () => ({ operationId: 'fake' }),
    'cloud.token': () => ({}),
    'cloud.check': () => ({}),
    'cloud.regions': () => ({ regions: [] }),
    'cloud.plans': () => ({ plans: [] }),
    'cloud.deploy': () => ({ operationId: 'fake' }),
    'sites.plan': () => ({ steps: [] }),
    'sites.deploy': () => ({ operationId: 'fake' }),
    'sites.resume': () => ({ operationId: 'fake' }),
    'sites.stop': () => ({}),
    'sites.undo': () => ({ operationId: 'fake' }),
    'sites.hostKey': () => ({}),
    'sites.act': () => ({ operationId: 'fake' }),
    'sites.status': ({ site }) => ({ name: site, service: 'stopped', releases: [] }),
    'sites.doctor': () => ({ findings: [] }),
    'sites.logs': () => ({ lines: [] }),
    'sites.secret': () => ({}),
    ...fakeModeHandlers,
    'confirm.code': () => ({ right: false }),
    'confirm.cancel': () => ({}),
    'settings.startAtLogin': () => ({}),
    'settings.spikes': () => ({}),
    'settings.shell': () => ({}),
    'firstRun.dismiss': () => ({}),
    'window.page': () => ({}),
    'process.startAgain': () => ({}),
    'quit.preview': () => ({
      engine: 'none',
      mode: 'practice',
      openTrades: 0,
      holdsPositions: false,
      closesWithinMs: 30_000,
      remotes: [],
      needsConfirm: false,
    }),
    'quit.confirm': () => ({}),
    'diagnostics.read': () => {
      throw new HalfspreadError('HS_NOT_FAKED', 'There are no diagnostics here.', 'None.');
    },
    'diagnostics.log': () => ({ lines: [], isCut: false }),
    'bundle.prepare': () => ({ id: 'b', files: [] }),
    'bundle.file': () => ({ text: '' }),
    'bundle.save': () => ({}),
    'practice.choose': () => {
      throw new HalfspreadError('HS_PRACTICE_CHOICE', 'There is no such tape.', 'Choose another.');
    },
  };
}
