import { join } from 'node:path';
import { createChildLog } from './child-log.ts';
import { openLog, type Log, type LogLevel } from './log.ts';
import type { Redactor } from './redact.ts';

/** The programs that have a log of their own. */
export const LOG_SOURCES = ['main', 'engine', 'venues'] as const;
export type LogSource = (typeof LOG_SOURCES)[number];

/** All logs of this start, below one folder. */
export interface Logs {
  folder: string;
  redactor: Redactor;
  main: Log;
  /** One line a child wrote. */
  child(process: Exclude<LogSource, 'main'>, line: string): void;
  close(): void;
}

export function logPath(folder: string, source: LogSource): string {
  return join(folder, `${source}.log`);
}

export function openLogs(folder: string, redactor: Redactor, least: LogLevel): Logs {
  const open = (source: LogSource) => openLog({ path: logPath(folder, source), redactor, least });
  const logs = { main: open('main'), engine: open('engine'), venues: open('venues') };
  const children = { engine: createChildLog(logs.engine), venues: createChildLog(logs.venues) };
  return {
    folder,
    redactor,
    main: logs.main,
    child: (process, line) => children[process](line),
    close: () => Object.values(logs).forEach((log) => log.close()),
  };
}
