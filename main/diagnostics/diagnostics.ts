import { arch, release, type as systemType } from 'node:os';
import { toWireError, type WireError } from '../../engine/protocol/errors.ts';
import { engineFactsSchema, type Command, type EngineFacts } from '../../engine/protocol/messages.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import type { Diagnostics } from '../ipc/desktop-schema.ts';
import type { AppState } from '../ipc/schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import { bundleFiles } from './bundle-files.ts';
import { readLog } from './log-reader.ts';
import type { LogRecord } from './log.ts';
import { logPath, type Logs } from './logs.ts';
import { residentBytes, StartTimes, watchLoopDelay } from './process-figures.ts';
import { createSupportBundle } from './support-bundle.ts';

/** An engine that hangs must not keep the page waiting for it. */
const ENGINE_ANSWER_MS = 3_000;

export interface DiagnosticsOptions {
  version: string;
  logs: Pick<Logs, 'folder' | 'redactor'>;
  /** Of the engine, while none has told its own. */
  dataFolder: string;
  app(): AppState;
  snapshot(): Snapshot | undefined;
  settings(): unknown;
  command(command: Command): Promise<unknown>;
  parts(): Diagnostics['parts'] | Promise<Diagnostics['parts']>;
  choosePath(suggestedName: string): Promise<string | undefined>;
  log(record: LogRecord): void;
}

export interface DiagnosticsPart {
  handlers: Pick<IpcHandlers, Extract<keyof IpcHandlers, `diagnostics.${string}` | `bundle.${string}`>>;
  /** Processes changed. */
  observe(): void;
  stop(): void;
}

/** What the diagnostics page shows, and the support bundle. Everything that leaves is redacted. */
export function createDiagnostics(options: DiagnosticsOptions): DiagnosticsPart {
  const { logs } = options;
  const loopDelay = watchLoopDelay();
  const startTimes = new StartTimes();

  const seen = { engine: '', venues: '' };

  function observe(): void {
    const { engine, venues } = options.app();
    for (const [name, state] of [
      ['engine', engine],
      ['venues', venues],
    ] as const) {
      startTimes.observe(name, state.pid, Date.now());
      if (seen[name] !== state.state) logState(name, state);
      seen[name] = state.state;
    }
  }

  function logState(name: 'engine' | 'venues', { state, pid, error }: AppState['engine']): void {
    const isWrong = state === 'restarting' || state === 'blocked';
    const detail = { ...(pid !== undefined && { pid }), ...(isWrong && error) };
    options.log({
      level: state === 'blocked' ? 'error' : isWrong ? 'warn' : 'info',
      message: `${name}: ${state}`,
      ...(Object.keys(detail).length > 0 && { detail }),
    });
  }

  async function engineFacts(): Promise<{ engine?: EngineFacts; engineProblem?: WireError }> {
    let timeout: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timeout = setTimeout(() => reject(new Error(`no answer within ${ENGINE_ANSWER_MS / 1000} s`)), ENGINE_ANSWER_MS);
    });
    try {
      return { engine: engineFactsSchema.parse(await Promise.race([options.command({ name: 'diagnose' }), tooLate])) };
    } catch (error) {
      return { engineProblem: toWireError(error) };
    } finally {
      clearTimeout(timeout);
    }
  }

  async function read(): Promise<Diagnostics> {
    observe();
    const now = Date.now();
    const { engine, venues } = options.app();
    const facts = await engineFacts();
    const child = async (name: 'engine' | 'venues', { state, pid, restarts }: typeof engine) => {
      const memoryBytes = pid === undefined ? undefined : await residentBytes(pid);
      const uptimeMs = startTimes.uptimeMs(name, now);
      return {
        name,
        state,
        restarts,
        ...(pid !== undefined && { pid }),
        ...(uptimeMs !== undefined && { uptimeMs }),
        ...(memoryBytes !== undefined && { memoryBytes }),
      };
    };
    const engineLoop = options.snapshot()?.statistics.loopDelay;
    const {
      node,
      v8,
      sqlite = '',
      electron,
      chrome,
    } = process.versions as NodeJS.ProcessVersions & { chrome?: string };
    return {
      at: now,
      processes: [
        {
          name: 'main',
          state: 'running',
          pid: process.pid,
          uptimeMs: Math.round(process.uptime() * 1000),
          memoryBytes: process.memoryUsage.rss(),
          loopDelay: loopDelay.read(),
        },
        {
          ...(await child('engine', engine)),
          ...(facts.engine && { memoryBytes: facts.engine.memoryBytes, uptimeMs: facts.engine.uptimeMs }),
          ...(engine.state === 'running' && engineLoop && { loopDelay: engineLoop }),
        },
        await child('venues', venues),
      ],
      versions: {
        halfspread: options.version,
        node,
        v8,
        sqlite,
        ...(electron !== undefined && { electron }),
        ...(chrome !== undefined && { chromium: chrome }),
        system: `${systemType()} ${release()} ${arch()}`,
      },
      ...facts,
      parts: await options.parts(),
    };
  }

  const bundle = createSupportBundle({
    nowMs: Date.now,
    choosePath: options.choosePath,
    collect: async () =>
      bundleFiles({
        redactor: logs.redactor,
        logFolder: logs.folder,
        dataFolder: options.snapshot()?.desk.dataFolder ?? options.dataFolder,
        app: options.app(),
        settings: options.settings(),
        snapshot: options.snapshot(),
        diagnostics: await read(),
      }),
  });

  return {
    observe,
    handlers: {
      'diagnostics.read': read,
      async 'diagnostics.log'({ source, ...query }) {
        const { lines, isCut } = await readLog(logPath(logs.folder, source), query);
        const shown = lines.map(({ at, level, message, detail }) => ({
          at,
          level,
          message: logs.redactor.text(message),
          ...(detail !== undefined && { detail: JSON.stringify(logs.redactor.value(detail)) }),
        }));
        return { lines: shown, isCut };
      },
      ...bundle,
    },
    stop: () => loopDelay.stop(),
  };
}
