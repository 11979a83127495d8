import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, HalfspreadError } from '../../../engine/protocol/errors.ts';
import { newSshKey, type SshKeyPair } from './first-boot.ts';

/** SSH keys of servers we made, one folder per deployment beside known_hosts: ssh reads the login key from its file. */
export interface CloudKeys {
  /** Login and one-time host key of a deployment; made at the first call, the same ones after a crash. */
  of(deployId: string): Promise<{ login: SshKeyPair; firstHostKey: SshKeyPair }>;
  /** Path of the private login key. */
  loginFile(deployId: string): string;
  /** Once the server has a host key of its own, the one-time key is of use to nobody but an attacker. */
  dropFirstHostKey(deployId: string): Promise<void>;
  /** @returns whether there were any */
  drop(deployId: string): Promise<boolean>;
}

const LOGIN = 'login';
const FIRST_HOST_KEY = 'first-host-key';

/** @param folder data/deploy/keys; folders 0700, files 0600 */
export function openCloudKeys(folder: string): CloudKeys {
  const folderOf = (deployId: string) => join(folder, deployId);

  async function pair(deployId: string, name: string): Promise<SshKeyPair> {
    const file = join(folderOf(deployId), name);
    const found = await readPair(file);
    if (found) return found;
    const made = await newSshKey(`halfspread ${name}`);
    await writePair(folderOf(deployId), name, made);
    return made;
  }

  return {
    async of(deployId) {
      try {
        return { login: await pair(deployId, LOGIN), firstHostKey: await pair(deployId, FIRST_HOST_KEY) };
      } catch (cause) {
        if (cause instanceof HalfspreadError) throw cause;
        throw new HalfspreadError(
          'HS_CLOUD_KEYS',
          `The SSH keys of a server cannot be kept in ${folderOf(deployId)}: ${errorMessage(cause)}`,
          'Check that this user may write there and that the disk is not full.',
          { cause },
        );
      }
    },
    loginFile: (deployId) => join(folderOf(deployId), LOGIN),
    async dropFirstHostKey(deployId) {
      const file = join(folderOf(deployId), FIRST_HOST_KEY);
      await Promise.all([rm(file, { force: true }), rm(`${file}.pub`, { force: true })]);
    },
    async drop(deployId) {
      const had = await exists(folderOf(deployId));
      await rm(folderOf(deployId), { recursive: true, force: true });
      return had;
    },
  };
}

async function readPair(file: string): Promise<SshKeyPair | undefined> {
  if (!(await exists(file))) return undefined;
  const [privateKey, publicKey] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.pub`, 'utf8')]);
  return { privateKey, publicKey: publicKey.trim() };
}

/** The private half comes last: a pair a crash cut short is made anew. */
async function writePair(folder: string, name: string, { privateKey, publicKey }: SshKeyPair): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const draft = await mkdtemp(join(folder, 'draft-'));
  try {
    await writeFile(join(draft, name), privateKey, { mode: 0o600 });
    await writeFile(join(draft, `${name}.pub`), `${publicKey}\n`, { mode: 0o600 });
    await rename(join(draft, `${name}.pub`), join(folder, `${name}.pub`));
    await rename(join(draft, name), join(folder, name));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
