/** The parts of the electron module that life-cycle uses; ElectronPort extends them. */
import type { Rectangle } from '../../lifecycle/window-place.ts';

export interface ElectronDesktopPort {
  powerMonitor: {
    on(event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen', listener: () => void): unknown;
    off(event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen', listener: () => void): unknown;
  };
  dialog: {
    showSaveDialog(options: {
      defaultPath: string;
      filters: { name: string; extensions: string[] }[];
      properties: ('createDirectory' | 'showOverwriteConfirmation')[];
    }): Promise<{ canceled: boolean; filePath: string }>;
  };
  screen: {
    getPrimaryDisplay(): { id: number; workArea: Rectangle };
    getAllDisplays(): { id: number; workArea: Rectangle }[];
  };
}

/** `electron.app`, as far as start at login goes. */
export interface LoginItemPort {
  getLoginItemSettings(options: { path?: string; args?: string[] }): {
    openAtLogin: boolean;
    /** macOS 13 and later: `requires-approval` waits for the person in the system's settings. */
    status?: string;
    /** Windows: false when the person switched it off in the task manager. */
    executableWillLaunchAtLogin?: boolean;
  };
  setLoginItemSettings(settings: { openAtLogin: boolean; path?: string; args?: string[] }): void;
}
