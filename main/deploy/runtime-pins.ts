/**
 * The Node a server gets when it has none that is new enough: official builds, known by the SHA-256 of the archive (the
 * release's SHASUMS256.txt) and of the program in it (the same program as in the npm packages node-linux-*, pinned by our
 * lockfile). `npm run proof -- deploy` checks the x64 program against the package.
 */
export const RUNTIME_VERSION = '24.21.0';
export const RUNTIME_MIRROR = 'https://nodejs.org/dist';

/** Oldest major the agent runs on. */
export const MIN_NODE_MAJOR = 24;
/** Oldest glibc the official builds run on. */
export const MIN_GLIBC = [2, 28] as const;

export type RuntimeArch = 'x64' | 'arm64';

export interface RuntimePin {
  archiveSha256: string;
  archiveBytes: number;
  nodeSha256: string;
}

export const RUNTIME_PINS: Record<RuntimeArch, RuntimePin> = {
  x64: {
    archiveSha256: '6e1db87ef58b8819e5d5402eff1536491b18edd8eb7bee5ef7897876e88dc5ff',
    archiveBytes: 58_088_022,
    nodeSha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  },
  arm64: {
    archiveSha256: '724282c3b43aec998aa9527380465b45d229e021b58035f5f4f63095eabfe5d5',
    archiveBytes: 57_824_078,
    nodeSha256: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  },
};

/** What `uname -m` says, as Node names it; undefined where there is no official build. */
export function runtimeArch(machine: string): RuntimeArch | undefined {
  if (machine === 'x86_64' || machine === 'amd64') return 'x64';
  if (machine === 'aarch64' || machine === 'arm64') return 'arm64';
  return undefined;
}

/** Folder name of the runtime on the server. */
export function runtimeName(arch: RuntimeArch): string {
  return `node-${RUNTIME_VERSION}-linux-${arch}`;
}

export function runtimeUrl(mirror: string, arch: RuntimeArch): string {
  return `${mirror}/v${RUNTIME_VERSION}/node-v${RUNTIME_VERSION}-linux-${arch}.tar.gz`;
}

/** Where node is in the archive. */
export function runtimeMember(arch: RuntimeArch): string {
  return `node-v${RUNTIME_VERSION}-linux-${arch}/bin/node`;
}
