/** The switches burnt into Electron's program (security.md, Electron): set before signing, and read back. */
import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

/** Every fuse there is, on purpose: with one that is missing here, as a later Electron may bring, packing fails. */
export const FUSES: Readonly<Record<FuseV1Options, boolean>> = {
  /** The program is not a Node for others' scripts (children are utility processes, the command line is `--cli`). */
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  /** macOS and Windows; Electron has no such check on Linux. */
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  /** There is no snapshot of our own. */
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  /** The window's files come over the app scheme. */
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  /** Electron's default: out-of-bounds checks of WebAssembly by the processor. */
  [FuseV1Options.WasmTrapHandlers]: true,
};

/** Sets the fuses of a packed program and makes sure that they are. @throws Error naming the fuse */
export async function setFuses(program: string): Promise<void> {
  const before = await readFuses(program);
  const removed = Object.keys(before).filter((name) => before[name] === undefined);
  if (removed.length > 0)
    throw new Error(`This Electron no longer has the fuses ${removed.join(', ')}: decide about them`);
  // The signature this breaks on macOS is made anew afterwards, by whoever signs or ad hoc.
  await flipFuses(program, { version: FuseVersion.V1, strictlyRequireAllFuses: true, ...FUSES });
  const wrong = wrongFuses(await readFuses(program));
  if (wrong.length > 0) throw new Error(`The fuses of ${program} are not as they should be: ${wrong.join(', ')}`);
}

/** Name of a fuse -> whether it is on; undefined for one this Electron has removed. @throws Error if there are none */
export async function readFuses(program: string): Promise<Record<string, boolean | undefined>> {
  const wire: Partial<Record<FuseV1Options, FuseState>> = await getCurrentFuseWire(program);
  return Object.fromEntries(
    ALL_FUSES.map((fuse) => {
      const state = wire[fuse];
      return [FuseV1Options[fuse], state === FuseState.ENABLE ? true : state === FuseState.DISABLE ? false : undefined];
    }),
  );
}

/** The fuses that are not as `FUSES` has them, as "RunAsNode is on". */
export function wrongFuses(read: Record<string, boolean | undefined>): string[] {
  return ALL_FUSES.filter((fuse) => read[FuseV1Options[fuse]] !== FUSES[fuse]).map((fuse) => {
    const state = read[FuseV1Options[fuse]];
    return `${FuseV1Options[fuse]} is ${state === undefined ? 'not there' : state ? 'on' : 'off'}`;
  });
}

const ALL_FUSES = Object.keys(FUSES).map((fuse): FuseV1Options => Number(fuse));
