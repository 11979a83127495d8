import { spawn } from 'node:child_process';
import { request } from 'undici';
import { z } from 'zod';
import { errorMessage } from '../core/errors.ts';
import type { WindowRuntime } from '../protocol/launch.ts';
import { printJson, say } from './output.ts';
import { readWindowRuntime, windowNotRunning } from './window.ts';

const linkAnswerSchema = z.object({ link: z.url() });

/** `halfspread open`: asks the running browser shell for a new one-time link. @throws HS_NOT_RUNNING */
export async function openCommand(options: { browser: boolean; json: boolean }): Promise<void> {
  const runtime = await readWindowRuntime();
  const link = await newLink(runtime);
  if (options.json) printJson({ link });
  else console.log(link);
  if (options.browser && !options.json) openInBrowser(link);
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
    throw windowNotRunning(`its address ${runtime.origin} does not answer (${errorMessage(cause)})`, cause);
  }
}

function openInBrowser(link: string): void {
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(opener, [link], { stdio: 'ignore', detached: true });
  child.on('error', () => say(`No browser could be opened here (${opener} is missing): open the link above yourself.`));
  child.unref();
}
