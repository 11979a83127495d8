import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { LoginItemState } from '../ipc/login-item-schema.ts';

/** Start at login, where the system keeps it. Always read from there: anybody may change it in the system's settings. */
export interface LoginItem {
  read(): Promise<LoginItemState>;
  /** Changes it and reads it back. @throws HalfspreadError HS_LOGIN_ITEM */
  set(enabled: boolean): Promise<LoginItemState>;
}

export function loginItemFailed(why: string, cause?: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_LOGIN_ITEM',
    `Start at login was not changed: ${why}.`,
    'Set it in the system’s own settings, or start Halfspread by hand.',
    { cause },
  );
}
