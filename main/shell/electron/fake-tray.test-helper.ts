/** The tray's part of the double of the electron module. */
import type { ElectronTrayPort, MenuItemTemplate, MenuPort } from './tray-port.ts';

export interface FakeTray {
  images: string[];
  toolTip: string;
  menu: MenuItemTemplate[];
  isDestroyed: boolean;
  popUps: number;
  click(): void;
}

export class FakeTrayElectron implements ElectronTrayPort {
  readonly trays: FakeTray[] = [];
  readonly Tray = this.#trayClass();
  applicationMenu: MenuItemTemplate[] | undefined;
  readonly Menu = {
    buildFromTemplate: (template: MenuItemTemplate[]): MenuPort => ({ items: template }),
    setApplicationMenu: (menu: MenuPort | null) => void (this.applicationMenu = menu?.items as MenuItemTemplate[]),
  };
  readonly nativeTheme = new FakeNativeTheme();

  #trayClass() {
    const { trays } = this;
    return class {
      readonly record: FakeTray = {
        images: [],
        toolTip: '',
        menu: [],
        isDestroyed: false,
        popUps: 0,
        click: () => undefined,
      };
      constructor(image: string) {
        this.record.images.push(image);
        trays.push(this.record);
      }
      setImage(image: string): void {
        this.record.images.push(image);
      }
      setToolTip(text: string): void {
        this.record.toolTip = text;
      }
      setContextMenu(menu: MenuPort | null): void {
        this.record.menu = (menu?.items ?? []) as MenuItemTemplate[];
      }
      on(_event: 'click', listener: () => void): void {
        this.record.click = listener;
      }
      popUpContextMenu(): void {
        this.record.popUps++;
      }
      destroy(): void {
        this.record.isDestroyed = true;
      }
    };
  }
}

class FakeNativeTheme {
  shouldUseDarkColorsForSystemIntegratedUI = true;
  readonly #listeners = new Set<() => void>();

  on(_event: 'updated', listener: () => void): void {
    this.#listeners.add(listener);
  }
  off(_event: 'updated', listener: () => void): void {
    this.#listeners.delete(listener);
  }
  /** The person changes the taskbar's theme. */
  change(isDark: boolean): void {
    this.shouldUseDarkColorsForSystemIntegratedUI = isDark;
    for (const listener of this.#listeners) listener();
  }
}
