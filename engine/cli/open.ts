import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { z } from 'zod';
import { HalfspreadError, errorMessage } from '../core/errors.ts';
import { userFolders } from '../protocol/folders.ts';
import { WINDOW_RUNTIME_FILE, windowRuntimeSchema, type WindowRuntime } from '../protocol/launch.ts';
import { printJson, say } from './output.ts';

const linkAnswerSchema = z.object({ link: z.url() });

/** `halfspread open`: asks the running browser shell for a new one-time link. @throws HS_NOT_RUNNING */
export async function openCommand(options: { browser: boolean; json: boolean }): Promise<void> {
  const runtime = await readWindowRuntime();
  const link = await newLink(runtime);
  if (options.json) printJson({ link });
  else console.log(link);
  if (options.browser && !options.json) openInBrowser(link);
}

async function readWindowRuntime(): Promise<WindowRuntime> {
  const path = join(userFolders(process.platform, process.env, homedir()).data, WINDOW_RUNTIME_FILE);
  try {
    return windowRuntimeSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw notRunning(`there is no readable ${path}`, cause);
  }
}

async function newLink(runtime: WindowRuntime): Promise<string> {
  try {
    const answer = await request(`${runtime.origin}/link`, {
      method: 'POST',
      headers: { authorization: `Bearer ${runtime.secret}` },
      headersTimeout: 5_000,
    });
    return linkAnswerSchema.parse(await answer.body.json()).link;
  } catch (cause) {
    throw notRunning(`its address ${runtime.origin} does not answer (${errorMessage(cause)})`, cause);
  }
}

function notRunning(why: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_NOT_RUNNING',
    `No Halfspread window is running: ${why}.`,
    'Start it with `npm start`.',
    { cause },
  );
}

function openInBrowser(link: string): void {
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(opener, [link], { stdio: 'ignore', detached: true });
  child.on('error', () => say(`No browser could be opened here (${opener} is missing): open the link above yourself.`));
  child.unref();
}
