import type { ConfirmRequest } from '../ports.ts';

/** The part of the electron module confirming uses; ElectronPort extends it. */
export interface ElectronDialogPort {
  dialog: {
    showMessageBox(options: MessageBoxOptions): Promise<{ response: number }>;
  };
}

export interface MessageBoxOptions {
  type: 'warning';
  title: string;
  message: string;
  detail: string;
  buttons: string[];
  defaultId: number;
  cancelId: number;
  noLink: boolean;
  /** Aborting closes the box with `cancelId`. */
  signal?: AbortSignal;
}

const CANCEL = 0;
const CONFIRM = 1;

/**
 * Confirming in Electron: a message box of the system. It belongs to no window and is drawn by none, so that a page that
 * was taken over can neither press nor cover its buttons. Enter and Escape choose the safe answer.
 */
export function createNativeConfirm({ dialog }: ElectronDialogPort): (request: ConfirmRequest) => Promise<boolean> {
  return async ({ title, lines, confirm, cancel, signal }) => {
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      title: 'Halfspread',
      message: title,
      detail: lines.join('\n'),
      buttons: [cancel, confirm],
      defaultId: CANCEL,
      cancelId: CANCEL,
      noLink: true,
      ...(signal && { signal }),
    });
    return response === CONFIRM;
  };
}
