import { wordsIn } from '../../text/words.ts';
import type { SecretSource } from '../ports.ts';
import type { ElectronDialogPort } from './confirm.ts';

/** The part of the electron module secrets use. */
export interface ElectronSecretPort extends ElectronDialogPort {
  clipboard: {
    readText(): Promise<string>;
    clear(): void;
  };
}

const CANCEL = 0;
const READ = 1;

/**
 * Secrets of the Electron shell: the person copies one and presses a button of the window; a box of the system, which no page
 * can draw or press, says what the secret is for and which address gets to see its signatures; then main reads the clipboard
 * and empties it. The window learns length and fingerprint. Typing into the window would put the secret into the renderer.
 */
export function createClipboardSecrets({ clipboard, dialog }: ElectronSecretPort): SecretSource {
  let open: AbortController | undefined;
  return {
    ways: () => ['clipboard'],
    listen: () => ({ end: () => open?.abort() }),
    async takeClipboard(prompt, language) {
      const { text } = wordsIn(language);
      open?.abort();
      open = new AbortController();
      const { response } = await dialog.showMessageBox({
        type: 'warning',
        title: 'Halfspread',
        message: prompt.title[language],
        detail: prompt.detail[language],
        buttons: [text('action.cancel'), text('tradingKeys.secret.read')],
        defaultId: CANCEL,
        cancelId: CANCEL,
        noLink: true,
        signal: open.signal,
      });
      if (response !== READ) return undefined;
      const copied = await clipboard.readText();
      if (copied !== '') clipboard.clear();
      return copied;
    },
  };
}
