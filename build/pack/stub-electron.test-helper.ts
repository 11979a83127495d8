/**
 * Unpacked Electrons without Electron: the files electron-builder and the fuses need, each with the fuse wire of Electron's
 * real program in it. What packs on these is not a program that runs; it shows what goes into a package.
 */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
// Comes with electron-builder, which edits Windows programs with it.
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';
import type { PackPlatform } from './pack-to.ts';

/** What stands before the fuses in every Electron (its documentation, tutorial/fuses, "The hard way"). */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Nine fuses as Electron ships them (its build/fuses/fuses.json5): on or off; 'r' would be one that it removed. */
export const SHIPPED_WIRE = '101100011';

export function fuseWire(states = SHIPPED_WIRE): Buffer {
  return Buffer.concat([
    Buffer.from(`some code ${SENTINEL}`, 'latin1'),
    Buffer.from([1, states.length]),
    Buffer.from(`${states} more code`, 'latin1'),
  ]);
}

/** @returns the folder; the caller removes it */
export function makeStubElectron(platform: PackPlatform, version: string): string {
  const folder = mkdtempSync(join(tmpdir(), `hs-electron-${platform}-`));
  const write = (name: string, content: string | Buffer): void => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    chmodSync(path, 0o755);
  };
  write('version', version);
  write('LICENSE', 'licence of Electron');
  write('LICENSES.chromium.html', 'licences of Chromium');
  switch (platform) {
    case 'linux':
      write('electron', Buffer.concat([Buffer.from('\x7fELF', 'latin1'), fuseWire()]));
      writeLocales(write);
      break;
    case 'win32':
      write('electron.exe', windowsProgram());
      writeLocales(write);
      break;
    case 'darwin':
      writeMacApp(write);
  }
  return folder;
}

type Write = (name: string, content: string | Buffer) => void;

function writeLocales(write: Write): void {
  for (const language of ['en-US', 'fr', 'de']) write(`locales/${language}.pak`, language);
}

/** A Windows program with version information, the resource electron-builder adds its own beside. */
function windowsProgram(): Buffer {
  const program = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(program, true);
  const information = Resource.VersionInfo.createEmpty();
  information.setFileVersion(1, 0, 0, 0, 1033);
  information.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron' });
  information.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  program.setExtraData(fuseWire());
  return Buffer.from(program.generate());
}

function writeMacApp(write: Write): void {
  const app = 'Electron.app/Contents';
  write(`${app}/Info.plist`, plist('Electron'));
  write(`${app}/MacOS/Electron`, 'starts the framework');
  write(`${app}/Resources/electron.icns`, 'icon');
  for (const language of ['en', 'fr', 'de']) write(`${app}/Resources/${language}.lproj/locale.pak`, language);
  const framework = `${app}/Frameworks/Electron Framework.framework`;
  write(`${framework}/Electron Framework`, fuseWire());
  write(`${framework}/Versions/A/Resources/en.lproj/locale.pak`, 'en');
  for (const helper of [
    'Electron Helper',
    'Electron Helper (Renderer)',
    'Electron Helper (GPU)',
    'Electron Helper (Plugin)',
  ]) {
    write(`${app}/Frameworks/${helper}.app/Contents/Info.plist`, plist(helper));
    write(`${app}/Frameworks/${helper}.app/Contents/MacOS/${helper}`, 'starts the framework');
  }
}

function plist(name: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n' +
    `<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${name}</string><key>CFBundleName</key><string>${name}</string>` +
    '<key>CFBundleIconFile</key><string>electron.icns</string></dict></plist>\n'
  );
}
