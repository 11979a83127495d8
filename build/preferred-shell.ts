/** Prints which window the settings prefer, "desktop" or "browser": asked by start.mjs, which runs on older Node. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { userFolders } from '../engine/protocol/folders.ts';

console.log(preferredShell());

function preferredShell(): 'desktop' | 'browser' {
  const { config } = userFolders(process.platform, process.env, homedir());
  try {
    const settings: unknown = JSON.parse(readFileSync(join(config, 'settings.json'), 'utf8'));
    const isBrowser =
      typeof settings === 'object' &&
      settings !== null &&
      'preferredShell' in settings &&
      settings.preferredShell === 'browser';
    return isBrowser ? 'browser' : 'desktop';
  } catch {
    // None yet, or one the program will set aside and say so.
    return 'desktop';
  }
}
