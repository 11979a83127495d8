import type { SecretSource } from '../ports.ts';

/** The part of Electron's clipboard that is used. */
export interface ClipboardPort {
  readText(): Promise<string>;
  clear(): void;
}

/**
 * Secrets of the Electron shell: the person copies one and presses a button of the window; main reads it, and the window
 * learns its length and a fingerprint to compare. Typing into the window would put the secret into the renderer.
 */
export function createClipboardSecrets(clipboard: ClipboardPort): SecretSource {
  return {
    ways: () => ['clipboard'],
    listen: () => ({ end: () => undefined }),
    async takeClipboard() {
      const text = await clipboard.readText();
      if (text !== '') clipboard.clear();
      return text;
    },
  };
}
