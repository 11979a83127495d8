import { HalfspreadError } from '../../../engine/protocol/errors.ts';

/** Why the keychain of the operating system did not do what was asked. */
export const KEYCHAIN_TROUBLES = [
  'none',
  'unmade',
  'locked',
  'hangs',
  'library',
  'mismatch',
  'stillThere',
  'failed',
] as const;
export type KeychainTrouble = (typeof KEYCHAIN_TROUBLES)[number];

export const ALTERNATIVES =
  'Or choose one of the other two storages: this session alone, or a file encrypted with a passphrase.';

/** @param detail what the system said, in its words */
export function keychainError(trouble: KeychainTrouble, platform: string, detail = ''): HalfspreadError {
  const said = detail === '' ? '' : ` (${detail})`;
  const name = platformNames[platform] ?? 'the operating system';
  switch (trouble) {
    case 'none':
      return new HalfspreadError(
        'HS_KEYCHAIN_NONE',
        `No keychain runs on this machine${said}, so no key can be kept in it.`,
        `${noServiceRemedy(platform)} ${ALTERNATIVES}`,
      );
    case 'unmade':
      return new HalfspreadError(
        'HS_KEYCHAIN_UNMADE',
        `The keyring of this desktop was never set up${said}, so no key can be kept in it.`,
        `Press Unlock here and give it a password, or make a default keyring in "Passwords and Keys". ${ALTERNATIVES}`,
      );
    case 'locked':
      return new HalfspreadError(
        'HS_KEYCHAIN_LOCKED',
        `The keychain of ${name} is locked${said}; keys in it cannot be read or changed.`,
        'Unlock it: press Unlock here on the desktop of this machine, or log in to that desktop. Nothing is lost.',
      );
    case 'hangs':
      return new HalfspreadError(
        'HS_KEYCHAIN_HANGS',
        `The keychain of ${name} did not answer in time${said}; the question was given up.`,
        `Look whether it waits for you in a window of its own; restart it or log in again if not, then check again. ${ALTERNATIVES}`,
      );
    case 'library':
      return new HalfspreadError(
        'HS_KEYCHAIN_LIBRARY',
        `The program part that speaks to the keychain of ${name} cannot be loaded${said}.`,
        `${libraryRemedy(platform)} ${ALTERNATIVES}`,
      );
    case 'mismatch':
      return new HalfspreadError(
        'HS_KEYCHAIN_MISMATCH',
        `The keychain of ${name} gave back something else than was written; it cannot be trusted with keys.`,
        `Repair it with the system’s own tool. ${ALTERNATIVES}`,
      );
    case 'stillThere':
      return new HalfspreadError(
        'HS_KEYCHAIN_STILL_THERE',
        `The keychain of ${name} said the secret was deleted, but still has it.`,
        'Delete it with the system’s own tool (look for "halfspread"), then check again.',
      );
    case 'failed':
      return new HalfspreadError(
        'HS_KEYCHAIN_FAILED',
        `The keychain of ${name} refused${said}.`,
        `Check it with the system’s own tool, then check again. ${ALTERNATIVES}`,
      );
  }
}

const platformNames: Partial<Record<string, string>> = { linux: 'this desktop', darwin: 'macOS', win32: 'Windows' };

function noServiceRemedy(platform: string): string {
  if (platform !== 'linux') return 'Log in to a desktop of this machine.';
  return 'Start Halfspread inside a desktop session with a Secret Service (GNOME Keyring, KWallet): Debian package gnome-keyring.';
}

function libraryRemedy(platform: string): string {
  if (platform !== 'linux') return 'Install Halfspread again.';
  return 'Install the library: Debian package libsecret-1-0.';
}
