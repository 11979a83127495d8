import { spawn } from 'node:child_process';
import { request } from 'undici';
import { z } from 'zod';
import { errorMessage, HalfspreadError } from '../core/errors.ts';
import type { WindowRuntime } from '../protocol/launch.ts';
import { printJson, say } from './output.ts';
import { readWindowRuntime, windowNotRunning } from './window.ts';

const linkAnswerSchema = z.object({ link: z.url() });

/**
 * `halfspread open [page]`: asks the running browser shell for a new one-time link, which leads to the page.
 * @throws HS_NOT_RUNNING, HS_PAGE_UNKNOWN
 */
export async function openCommand(
  page: string | undefined,
  options: { browser: boolean; json: boolean },
): Promise<void> {
  const runtime = await readWindowRuntime();
  const link = await newLink(runtime, page);
  if (options.json) printJson({ link });
  else console.log(link);
  if (options.browser && !options.json) openInBrowser(link);
}

async function newLink(runtime: WindowRuntime, page: string | undefined): Promise<string> {
  // The window knows its pages; this only keeps an address out of the request's path.
  if (page !== undefined && !/^\w+(\/\w+)?$/.test(page)) throw pageUnknown(page);
  const path = page === undefined ? '/link' : `/link/${page}`;
  try {
    const answer = await request(`${runtime.origin}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${runtime.secret}` },
      headersTimeout: 5_000,
    });
    if (answer.statusCode === 400) throw pageUnknown(page ?? '');
    return linkAnswerSchema.parse(await answer.body.json()).link;
  } catch (cause) {
    if (cause instanceof HalfspreadError) throw cause;
    throw windowNotRunning(`its address ${runtime.origin} does not answer (${errorMessage(cause)})`, cause);
  }
}

function pageUnknown(page: string): HalfspreadError {
  return new HalfspreadError(
    'HS_PAGE_UNKNOWN',
    `The window has no page "${page}".`,
    'Pages: overview, latency, trades, trade/12, slippage, sites, alerts, risk, settings, diagnostics.',
  );
}

function openInBrowser(link: string): void {
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(opener, [link], { stdio: 'ignore', detached: true });
  child.on('error', () => say(`No browser could be opened here (${opener} is missing): open the link above yourself.`));
  child.unref();
}
