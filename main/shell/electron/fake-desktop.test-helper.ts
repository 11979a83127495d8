/** The life-cycle's part of the double of the electron module. */
import type { Rectangle } from '../../lifecycle/window-place.ts';
import type { MessageBoxOptions } from './confirm.ts';
import type { ElectronDesktopPort, LoginItemPort } from './desktop-port.ts';
import { FakeTrayElectron } from './fake-tray.test-helper.ts';

type PowerEventName = 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen';

export class FakeDesktopElectron extends FakeTrayElectron implements ElectronDesktopPort {
  readonly #powerListeners: { event: PowerEventName; listener: () => void }[] = [];
  displays: { id: number; workArea: Rectangle }[] = [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } }];
  /** What the person chooses in the save dialog; undefined: cancels. */
  savePath: string | undefined = '/chosen.zip';
  readonly saveDialogs: { defaultPath: string }[] = [];
  readonly boxes: MessageBoxOptions[] = [];
  /** The button that is pressed in the next box. */
  boxResponse = 0;

  readonly powerMonitor = {
    on: (event: PowerEventName, listener: () => void) => void this.#powerListeners.push({ event, listener }),
    off: (event: PowerEventName, listener: () => void) => {
      const at = this.#powerListeners.findIndex((each) => each.event === event && each.listener === listener);
      if (at >= 0) this.#powerListeners.splice(at, 1);
    },
  };
  readonly dialog = {
    showMessageBox: (options: MessageBoxOptions) => {
      this.boxes.push(options);
      return Promise.resolve({ response: this.boxResponse });
    },
    showSaveDialog: (options: { defaultPath: string }) => {
      this.saveDialogs.push(options);
      return Promise.resolve({ canceled: this.savePath === undefined, filePath: this.savePath ?? '' });
    },
  };
  readonly screen = {
    getPrimaryDisplay: () => this.displays[0]!,
    getAllDisplays: () => this.displays,
  };

  tellPower(event: PowerEventName): void {
    for (const each of this.#powerListeners) if (each.event === event) each.listener();
  }
}

export class FakeLoginItems implements LoginItemPort {
  isOn = false;
  status: string | undefined;
  executableWillLaunchAtLogin: boolean | undefined;
  /** A system that says yes and does nothing. */
  isDeaf = false;
  readonly asked: unknown[] = [];

  readonly getLoginItemSettings = (options: object) => {
    this.asked.push(options);
    return {
      openAtLogin: this.isOn,
      ...(this.status !== undefined && { status: this.status }),
      ...(this.executableWillLaunchAtLogin !== undefined && {
        executableWillLaunchAtLogin: this.executableWillLaunchAtLogin,
      }),
    };
  };
  readonly setLoginItemSettings = (settings: { openAtLogin: boolean }) => {
    this.asked.push(settings);
    if (!this.isDeaf) this.isOn = settings.openAtLogin;
  };
}
