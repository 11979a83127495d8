/** The diagnostics page's figures and log lines, read again while the page is open. */
import type { IpcInput, IpcOutput } from '../../main/ipc/schema.ts';
import { failureOf, type Failure } from './failure.ts';
import { session } from './session.svelte.ts';

export type Shown = IpcOutput<'diagnostics.read'>;
export type Log = IpcOutput<'diagnostics.log'>;
export type LogQuery = Omit<IpcInput<'diagnostics.log'>, 'limit'>;

const LINES = 300;
const PERIOD_MS = 5_000;

class DiagnosticsPage {
  shown = $state.raw<Shown>();
  log = $state.raw<Log>();
  failure = $state.raw<Failure>();
  logFailure = $state.raw<Failure>();
  reading = $state(false);
  query = $state.raw<LogQuery>({ source: 'main', least: 'info', contains: '' });

  /** Reads now and then again and again; returns how to stop. */
  follow(): () => void {
    const read = () => {
      void this.read();
      void this.readLog();
    };
    read();
    const timer = setInterval(read, PERIOD_MS);
    return () => clearInterval(timer);
  }

  async read(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    try {
      this.shown = await session.callDesktop('diagnostics.read', {});
      this.failure = undefined;
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.reading = false;
    }
  }

  async readLog(): Promise<void> {
    const asked = this.query;
    try {
      const log = await session.callDesktop('diagnostics.log', { ...asked, limit: LINES });
      // Another question was asked meanwhile.
      if (asked !== this.query) return;
      this.log = log;
      this.logFailure = undefined;
    } catch (error) {
      this.logFailure = failureOf(error);
    }
  }

  ask(change: Partial<LogQuery>): void {
    this.query = { ...this.query, ...change };
    void this.readLog();
  }
}

export const diagnosticsPage = new DiagnosticsPage();
