/** What main needs from the shell it runs in. Two hosts fit: Electron, and plain Node with a browser. */
import type { IpcServer } from '../ipc/server.ts';
import type { AppState, IpcEventData, IpcEventName } from '../ipc/schema.ts';
import type { ProcessLauncher } from '../engines/launcher.ts';

export interface WindowHost {
  /** Shows the window, or prints and opens the link to it. */
  open(): Promise<void>;
  /** Sends an event to every open window; windows that are not there miss nothing, they start with a call. */
  emit<Name extends IpcEventName>(name: Name, data: IpcEventData<Name>): void;
  stop(): Promise<void>;
}

export interface Shell {
  description: AppState['shell'];
  launcher: ProcessLauncher;
  /** Serves the window; its calls go to `server`. */
  serveWindow(server: IpcServer): Promise<WindowHost>;
}
