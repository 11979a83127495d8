/** electron-builder's hook between packing and signing: after it nothing but the signature changes the program. */
import { join } from 'node:path';
import { setFuses } from './fuses.ts';

/** What electron-builder calls the program, by system. */
const EXTENSIONS = { darwin: '.app', win32: '.exe', linux: '' };

export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const name = electronPlatformName === 'linux' ? packager.executableName : packager.appInfo.productFilename;
  await setFuses(join(appOutDir, `${name}${EXTENSIONS[electronPlatformName]}`));
}
