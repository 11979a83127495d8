import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';
import { tarArchive, type TarEntry } from './tar.ts';

const compress = promisify(gzip);

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
  const archive = await compress(tarArchive([{ path: '.manifest', data: Buffer.from(manifest) }, ...entries]), {
    level: 9,
  });
  const hash = sha256(archive);
  const file = join(cacheFolder, `agent-${hash.slice(0, 32)}.tgz`);
  try {
    await writeIfAbsent(file, archive);
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
    sha256: hash,
    manifestSha256,
  };
}

/** Writes a file whose name says what is in it: complete or not there. */
export async function writeIfAbsent(file: string, data: Buffer): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
  if ((await stat(file).catch(() => undefined))?.size === data.length) return;
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, data, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
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
