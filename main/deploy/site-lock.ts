import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HalfspreadError } from '../../engine/protocol/errors.ts';

/**
 * Holds a site for this process: two deploys of one site would undo each other's steps. The file names its process; one that is
 * gone holds nothing.
 * @returns releases it
 * @throws HalfspreadError HS_DEPLOY_RUNNING
 */
export async function lockSite(folder: string, site: string): Promise<() => Promise<void>> {
  const path = join(folder, `${site}.lock`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(`${process.pid}\n`);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
    // An empty file: its process is between making and writing it.
    if (holder > 0 && isAlive(holder)) break;
    await rename(path, `${path}.${process.pid}`).catch(() => undefined);
    await rm(`${path}.${process.pid}`, { force: true });
  }
  throw new HalfspreadError(
    'HS_DEPLOY_RUNNING',
    `Something else of Halfspread works on the site "${site}" right now.`,
    'Wait until it is over, or stop it there.',
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
