/** The part of the electron module the tray uses; ElectronPort extends it. */
export interface ElectronTrayPort {
  Tray: new (image: string) => TrayPort;
  Menu: {
    buildFromTemplate(template: MenuItemTemplate[]): MenuPort;
    setApplicationMenu(menu: MenuPort | null): void;
  };
  nativeTheme: {
    /** Of taskbar and menu bar, not of the windows. Windows and macOS. */
    readonly shouldUseDarkColorsForSystemIntegratedUI: boolean;
    on(event: 'updated', listener: () => void): unknown;
    off(event: 'updated', listener: () => void): unknown;
  };
}

export interface TrayPort {
  setImage(image: string): void;
  setToolTip(text: string): void;
  setContextMenu(menu: MenuPort | null): void;
  on(event: 'click', listener: () => void): unknown;
  popUpContextMenu(): void;
  destroy(): void;
}

export interface MenuPort {
  readonly items: unknown[];
}

/** Items Electron knows how to fill and do; those of its own menu that are not here are not wanted. */
export type MenuRole = 'appMenu' | 'editMenu' | 'windowMenu' | 'resetZoom' | 'zoomIn' | 'zoomOut' | 'togglefullscreen';

export interface MenuItemTemplate {
  type?: 'separator';
  role?: MenuRole;
  submenu?: MenuItemTemplate[];
  label?: string;
  enabled?: boolean;
  click?: () => void;
}
