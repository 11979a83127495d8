/** The program's own state for the sample page and pictures. */
import type { DesktopState, Diagnostics, QuitPlan } from '../../main/ipc/desktop-schema.ts';
import type { IpcCallName } from '../../main/ipc/schema.ts';
import { SAMPLE_AT } from './snapshot.ts';

export function sampleDesktop(changes: Partial<DesktopState> = {}): DesktopState {
  return {
    startAtLogin: { state: 'off' },
    firstRun: 'done',
    spikeSensitivity: 'usual',
    preferredShell: 'desktop',
    folders: {
      config: '/home/renee/.config/halfspread',
      data: '/home/renee/.local/share/halfspread',
      logs: '/home/renee/.local/share/halfspread/logs',
    },
    sleep: { state: 'available' },
    ...changes,
  };
}

export const sampleDiagnostics: Diagnostics = {
  at: SAMPLE_AT,
  processes: [
    {
      name: 'main',
      state: 'running',
      pid: 4710,
      uptimeMs: 3_912_000,
      memoryBytes: 98_000_000,
      loopDelay: { n: 195_600, p50: 0.1, p99: 2.4, max: 41 },
    },
    {
      name: 'engine',
      state: 'running',
      pid: 4711,
      uptimeMs: 3_905_000,
      restarts: 0,
      memoryBytes: 131_000_000,
      loopDelay: { n: 39_050, p50: 0.2, p99: 6.1, max: 33 },
    },
    { name: 'venues', state: 'running', pid: 4712, uptimeMs: 3_910_000, restarts: 0, memoryBytes: 164_000_000 },
  ],
  versions: {
    halfspread: '0.1.0',
    node: '24.21.0',
    v8: '13.6.233.17',
    sqlite: '3.53.0',
    system: 'Linux 6.1.0 x64',
  },
  engine: {
    pid: 4711,
    version: '0.1.0',
    node: '24.21.0',
    v8: '13.6.233.17',
    sqlite: '3.53.0',
    platform: 'linux',
    arch: 'x64',
    uptimeMs: 3_905_000,
    memoryBytes: 131_000_000,
    secp256k1: 'native',
  },
  parts: [
    { name: 'tray', availability: { state: 'available' } },
    { name: 'notifications', availability: { state: 'untried' } },
    { name: 'sleep', availability: { state: 'available' } },
    {
      name: 'lock',
      availability: {
        state: 'unavailable',
        reason: {
          code: 'HS_POWER_NO_SESSION',
          message: 'A locked screen is not heard of: this user has no session with a display.',
          remedy: 'Start Halfspread from within your desktop session.',
        },
      },
    },
    { name: 'startAtLogin', availability: { state: 'available' } },
  ],
};

export const sampleQuitPlan: QuitPlan = {
  engine: 'trading',
  mode: 'practice',
  openTrades: 1,
  holdsPositions: true,
  closesWithinMs: 30_000,
  remotes: [],
  needsConfirm: true,
};

const line = (second: number, level: 'info' | 'warn' | 'error', message: string, detail?: string) => ({
  at: new Date(SAMPLE_AT + second * 1000).toISOString(),
  level,
  message,
  ...(detail !== undefined && { detail }),
});

/** What main answers to the calls about the program itself. */
export const sampleAnswers: Partial<Record<IpcCallName, unknown>> = {
  'diagnostics.read': sampleDiagnostics,
  'diagnostics.log': {
    isCut: false,
    lines: [
      line(0, 'info', 'engine: starting'),
      line(1, 'info', 'engine: running', '{"pid":4711}'),
      line(3, 'info', 'audit: opened', '{"audit":{"event":"opened","detail":"operate","deviceId":"[secret]"}}'),
      line(
        64,
        'warn',
        'engine: restarting',
        '{"code":"HS_PROCESS_CRASHED","message":"The engine ended unexpectedly."}',
      ),
      line(66, 'info', 'engine: running', '{"pid":4733}'),
      line(
        90,
        'error',
        'The list of alerts ~/.config/halfspread/inbox.json cannot be written: no space left on device',
      ),
      line(120, 'info', 'power: suspend'),
      line(120, 'info', 'sleep: awake -> pausing'),
    ],
  },
  'bundle.prepare': {
    id: 'sample',
    files: [
      { name: 'README.txt', bytes: 612 },
      { name: 'versions.json', bytes: 431 },
      { name: 'diagnostics.json', bytes: 2_114 },
      { name: 'state.json', bytes: 3_391 },
      { name: 'settings.json', bytes: 118 },
      { name: 'desk.json', bytes: 88_210 },
      { name: 'journal-last-lines.jsonl', bytes: 41_022 },
      { name: 'events-last-lines.jsonl', bytes: 22_871 },
      { name: 'logs/main.log', bytes: 9_340 },
      { name: 'logs/engine.log', bytes: 61_004 },
      { name: 'logs/venues.log', bytes: 0 },
    ],
  },
  'bundle.file': {
    text: 'Halfspread support bundle\n\nWhat is in it: versions, settings, the state of the program and of its desk.\n',
  },
  'bundle.save': { path: '/home/renee/Downloads/halfspread-support-2026-01-02T030405Z.zip' },
  'quit.preview': sampleQuitPlan,
};
