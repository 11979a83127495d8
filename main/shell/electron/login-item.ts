import type { LoginItemState } from '../../ipc/login-item-schema.ts';
import { loginItemFailed, type LoginItem } from '../login-item.ts';
import type { LoginItemPort } from './desktop-port.ts';

/** Tells main that it was started at login: it opens no window. */
export const HIDDEN_ARGUMENT = '--hidden';

/** Start at login of macOS and Windows, through Electron. @param path of the program; Windows tells entries apart by it */
export function createElectronLoginItem(app: LoginItemPort, platform: string, path: string): LoginItem {
  // macOS knows neither: it starts the application, and says at start that it was at login.
  const entry = platform === 'win32' ? { path, args: [HIDDEN_ARGUMENT] } : {};

  function read(): LoginItemState {
    const { openAtLogin, status, executableWillLaunchAtLogin } = app.getLoginItemSettings(entry);
    if (status === 'requires-approval') return { state: 'changed', reason: NEEDS_APPROVAL };
    if (openAtLogin && executableWillLaunchAtLogin === false) return { state: 'changed', reason: SWITCHED_OFF };
    return { state: openAtLogin ? 'on' : 'off' };
  }

  return {
    read: () => Promise.resolve(read()),
    set(enabled) {
      app.setLoginItemSettings({ openAtLogin: enabled, ...entry });
      const state = read();
      if (state.state === (enabled ? 'off' : 'on')) {
        return Promise.reject(loginItemFailed('the system did not take it over'));
      }
      return Promise.resolve(state);
    },
  };
}

const NEEDS_APPROVAL = {
  code: 'HS_LOGIN_ITEM_APPROVAL',
  message: 'macOS waits for your approval.',
  remedy: 'Allow Halfspread in System Settings, General, Login Items.',
};

const SWITCHED_OFF = {
  code: 'HS_LOGIN_ITEM_DISABLED',
  message: 'Windows has it switched off.',
  remedy: 'Switch Halfspread on under Startup apps of the Task Manager, or leave it to that.',
};
