import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';
import { tarArchive, type TarEntry } from './tar.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The agent program as it is sent to servers. */
export interface AgentBundle {
  version: string;
  /** "0.1.0-3f2a9c1b": version and beginning of the manifest's hash; its folder's name there. */
  release: string;
  /** The archive, gzip of tar, in our data folder. */
  file: string;
  bytes: number;
  sha256: string;
  /** Of `.manifest` in it, which lists every file's SHA-256: one hash vouches for all of them. */
  manifestSha256: string;
}

/**
 * Packs the built agent program; the result is kept in `cacheFolder` under its hash, so that an interrupted upload finds the
 * same bytes again.
 * @param programFolder dist/agent
 * @throws HalfspreadError HS_PROGRAM_MISSING, HS_DEPLOY_BUNDLE
 */
export async function packAgent(programFolder: string, version: string, cacheFolder: string): Promise<AgentBundle> {
  const entries = await filesOf(programFolder);
  const manifest = entries.map(({ path, data }) => `${sha256(data)}  ${path}\n`).join('');
  const manifestSha256 = sha256(Buffer.from(manifest));
  const tar = tarArchive([{ path: '.manifest', data: Buffer.from(manifest) }, ...entries]);
  const file = join(cacheFolder, `agent-${manifestSha256.slice(0, 32)}.tgz`);
  let archive: Buffer;
  try {
    archive = await packed(tar, file);
  } catch (cause) {
    throw new HalfspreadError(
      'HS_DEPLOY_BUNDLE',
      `The program to upload could not be kept as ${file}: ${errorMessage(cause)}`,
      'Check that this user may write there and that the disk is not full.',
      { cause },
    );
  }
  return {
    version,
    release: `${version}-${manifestSha256.slice(0, 8)}`,
    file,
    bytes: archive.length,
    sha256: sha256(archive),
    manifestSha256,
  };
}

/** The archive kept earlier if this is what is in it, else a new one in its place. */
async function packed(tar: Buffer, file: string): Promise<Buffer> {
  const kept = await readFile(file)
    .then(
      (data) => decompress(data).then((content) => (content.equals(tar) ? data : undefined)),
      () => undefined,
    )
    .catch(() => undefined);
  if (kept) return kept;
  const archive = await compress(tar, { level: 9 });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, archive, { mode: 0o600 });
  await rename(draft, file);
  return archive;
}

async function filesOf(folder: string): Promise<TarEntry[]> {
  let found;
  try {
    found = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw new HalfspreadError(
      'HS_PROGRAM_MISSING',
      `The agent program is not there (${folder}).`,
      'Build it: npm run build.',
      {
        cause,
      },
    );
  }
  const paths = found
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
  if (!paths.includes('agent.mjs')) {
    throw new HalfspreadError('HS_PROGRAM_MISSING', `There is no agent.mjs in ${folder}.`, 'Build it: npm run build.');
  }
  return Promise.all(paths.map(async (path) => ({ path, data: await readFile(join(folder, path)) })));
}

function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
