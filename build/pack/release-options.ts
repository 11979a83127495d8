/** What the environment adds to electron-builder.yml: signing, notarization, the update feed. Pure. */

export interface ReleaseOptions {
  /** Merged over electron-builder.yml. */
  config: {
    publish?: { provider: 'generic'; url: string };
    mac?: { identity?: null | '-'; hardenedRuntime?: boolean; notarize: boolean };
    linux?: { maintainer: string };
    extraMetadata?: { homepage: string };
  };
  /** What the package will be, in words: printed before and after. */
  notes: string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const NOTARIZE_BY = [
  ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'],
  ['APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'],
];

/**
 * - `CSC_LINK` + `CSC_KEY_PASSWORD` (macOS also `CSC_NAME`, Windows also `WIN_CSC_LINK` + `WIN_CSC_KEY_PASSWORD`):
 *   electron-builder's own names for certificate and password
 * - `APPLE_API_KEY` ... or `APPLE_ID` ...: notarization
 * - `HALFSPREAD_UPDATE_URL` (https): the feed's files are written beside the installers. The program does not update itself.
 * - `HALFSPREAD_MAINTAINER` ("Name <address>"), `HALFSPREAD_HOMEPAGE` (https): a .deb has to name both
 * @param platform of the package: "linux", "darwin", "win32"
 * @throws Error on a value that cannot be meant
 */
export function releaseOptions(platform: string, environment: Environment): ReleaseOptions {
  const config: ReleaseOptions['config'] = {};
  const notes: string[] = [];
  const has = (name: string) => Boolean(environment[name]);

  if (platform === 'darwin') {
    const isSigned = has('CSC_LINK') || has('CSC_NAME');
    const notarizes = isSigned && NOTARIZE_BY.some((names) => names.every(has));
    // Apple's processors run nothing without a signature: an ad-hoc one names nobody. Library validation, which comes with
    // the hardened runtime, would then refuse Electron's own libraries.
    config.mac = isSigned ? { notarize: notarizes } : { identity: '-', hardenedRuntime: false, notarize: false };
    notes.push(
      isSigned
        ? `Signed by ${environment['CSC_NAME'] ?? 'the certificate of CSC_LINK'}, ${notarizes ? '' : 'NOT '}notarized.`
        : 'NOT SIGNED (neither CSC_LINK nor CSC_NAME is set): macOS refuses to open it until its owner allows it.',
    );
  }
  if (platform === 'win32') {
    notes.push(
      has('WIN_CSC_LINK') || has('CSC_LINK')
        ? 'Signed by the certificate of WIN_CSC_LINK or CSC_LINK.'
        : 'NOT SIGNED (neither WIN_CSC_LINK nor CSC_LINK is set): Windows warns of it.',
    );
  }
  if (platform === 'linux') {
    notes.push('Not signed: Linux packages are checked by the SHA-256 that "npm run release:files" writes.');
    const maintainer = environment['HALFSPREAD_MAINTAINER'];
    const homepage = environment['HALFSPREAD_HOMEPAGE'];
    if (maintainer) config.linux = { maintainer };
    if (homepage) config.extraMetadata = { homepage: https('HALFSPREAD_HOMEPAGE', homepage) };
  }
  const feed = environment['HALFSPREAD_UPDATE_URL'];
  if (feed) {
    config.publish = { provider: 'generic', url: https('HALFSPREAD_UPDATE_URL', feed) };
    notes.push(`Update feed written for ${feed}; the program does not update itself.`);
  } else notes.push('No update feed (HALFSPREAD_UPDATE_URL is not set).');
  return { config, notes };
}

/** What keeps these targets from being built with this environment; empty when nothing does. */
export function missingForTargets(targets: readonly string[], environment: Environment): string[] {
  if (!targets.includes('deb')) return [];
  return ['HALFSPREAD_MAINTAINER', 'HALFSPREAD_HOMEPAGE'].filter((name) => !environment[name]);
}

function https(name: string, address: string): string {
  if (URL.canParse(address) && new URL(address).protocol === 'https:') return address;
  throw new Error(`${name} is ${JSON.stringify(address)}: give an https address.`);
}
