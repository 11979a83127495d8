import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorMessage, HalfspreadError } from '../../../engine/protocol/errors.ts';
import { parseHostKeyLines, type HostKey } from './host-key.ts';
import { knownHostsName, type SshAddress } from './target.ts';

type HostAndPort = Pick<SshAddress, 'host' | 'port'>;

/** The program's own known_hosts: only keys that were verified are in it. The operator's is neither read nor written. */
export interface KnownHosts {
  readonly file: string;
  keysOf(address: HostAndPort): Promise<HostKey[]>;
  /** The one key this host has from now on; earlier ones are dropped. Durable when it resolves. */
  remember(address: HostAndPort, key: HostKey): Promise<void>;
  /** @returns whether there was one */
  forget(address: HostAndPort): Promise<boolean>;
}

export function openKnownHosts(file: string): KnownHosts {
  return {
    file,
    async keysOf(address) {
      const name = knownHostsName(address);
      return parseHostKeyLines(await read(file)).flatMap((line) => (line.name === name ? [line.key] : []));
    },
    async remember(address, { type, key }) {
      const name = knownHostsName(address);
      await replace(file, [...(await otherLines(file, name)), `${name} ${type} ${key}`]);
    },
    async forget(address) {
      const name = knownHostsName(address);
      const others = await otherLines(file, name);
      const had = parseHostKeyLines(await read(file)).some((line) => line.name === name);
      if (had) await replace(file, others);
      return had;
    },
  };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw cannot('read', file, cause);
  }
}

async function otherLines(file: string, name: string): Promise<string[]> {
  return (await read(file)).split('\n').filter((line) => line !== '' && line.split(' ')[0] !== name);
}

async function replace(file: string, lines: string[]): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.tmp`;
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(lines.map((line) => `${line}\n`).join(''));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (cause) {
    throw cannot('write', file, cause);
  }
}

function cannot(verb: string, file: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_DEPLOY_KNOWN_HOSTS',
    `Cannot ${verb} the verified host keys ${file}: ${errorMessage(cause)}`,
    'Check that this user may read and write the file and its folder, and that the disk is not full.',
    { cause },
  );
}
