import { join } from 'node:path';
import type { DisarmReason } from '../../engine/protocol/arming.ts';
import type { UserFolders } from '../../engine/protocol/folders.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import { askAccounts } from '../engines/accounts-client.ts';
import type { LocalDesk } from '../engines/local-desk.ts';
import type { Programs } from '../engines/programs.ts';
import type { PendingCode } from '../ipc/mode-schema.ts';
import type { Language } from '../ipc/schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import { openStoredJson } from '../settings/stored-json.ts';
import type { Shell } from '../shell/ports.ts';
import { createArming } from './arming.ts';
import { createCodeEntry } from './code-entry.ts';
import { checkConfig } from './config-check.ts';
import { configTemplate } from './config-template.ts';
import { createDeskConfig } from './desk-config.ts';
import { createModes, type Modes, type ModesOptions } from './modes.ts';
import { createProbes, probesFileSchema } from './probe.ts';

export interface OpenModesOptions extends Pick<
  ModesOptions,
  'settings' | 'snapshot' | 'practiceChoice' | 'keys' | 'now' | 'onChange' | 'onDeskReplaced'
> {
  programs: Programs;
  folders: UserFolders;
  shell: Pick<Shell, 'launcher' | 'confirm' | 'codes' | 'openFile'>;
  desk: Pick<LocalDesk, 'states' | 'start' | 'choose' | 'command'>;
  language(): Language;
  onCodeAsked(pending: PendingCode | undefined): void;
  log(record: LogRecord): void;
}

export interface ModesPart extends Pick<Modes, 'state' | 'start' | 'practiceChanged' | 'observe' | 'isHeld'> {
  /** No entry any more: for power events, the tray, and whoever sees that nobody is there. @throws HalfspreadError of the link */
  disarm(reason: DisarmReason): Promise<void>;
  handlers: Pick<IpcHandlers, Extract<keyof IpcHandlers, `${'modes' | 'arm' | 'confirm'}.${string}`>>;
}

/** Opens the files of this part and puts it together. @throws HalfspreadError HS_PROBES_READ */
export async function openModes(options: OpenModesOptions): Promise<ModesPart> {
  const { programs, folders, shell, desk, now, log } = options;
  /** As it was told last: it is asked after far more often than it changes. */
  let told = '';
  function onChange(): void {
    const state = JSON.stringify(modes.state());
    if (state === told) return;
    told = state;
    options.onChange();
  }
  const configPath = join(folders.config, 'desk.yaml');
  const probesFile = await openStoredJson({
    path: join(folders.data, 'probes.json'),
    schema: probesFileSchema,
    noun: 'list of probes',
    codes: { read: 'HS_PROBES_READ', write: 'HS_PROBES_WRITE', setAside: 'HS_PROBES_SET_ASIDE' },
    without: 'the venues must be probed again',
    nowMs: now,
  });
  if (probesFile.setAside) log({ level: 'warn', message: probesFile.setAside.message, detail: probesFile.setAside });
  const probes = createProbes({
    ask: (endpoints, signal) =>
      askAccounts(shell.launcher, programs.accounts, { task: 'probe', endpoints }, { signal }),
    file: probesFile,
    now,
    onChange,
    log,
  });
  const config = createDeskConfig({
    path: configPath,
    validPath: join(folders.data, 'desk.valid.yaml'),
    check: (text) => checkConfig(shell.launcher, programs.configCheck, { text, path: configPath }),
    template: () => configTemplate(options.language()),
    now,
    onChange,
  });
  const arming = createArming({
    command: (command, authorize) => desk.command(command, authorize),
    snapshot: options.snapshot,
    isLinked: () => desk.states().link.state === 'ready',
    confirm: (request) => shell.confirm(request),
    language: options.language,
    now,
    onChange,
    log,
  });
  const modes = createModes({
    ...options,
    onChange,
    folder: (name) => join(folders.data, name),
    config,
    probes,
    arming,
    openFile: (path) => shell.openFile(path),
  });
  const codes = createCodeEntry(shell.codes, options.onCodeAsked);
  return {
    state: modes.state,
    start: modes.start,
    practiceChanged: modes.practiceChanged,
    observe: modes.observe,
    isHeld: modes.isHeld,
    disarm: (reason) => arming.disarm(reason),
    handlers: {
      ...modes.handlers,
      ...arming.handlers,
      ...codes.handlers,
      'modes.open': () => ({ modes: modes.state(), pending: codes.pending() }),
    },
  };
}
