import { setTimeout as delay } from 'node:timers/promises';
import { agentStatusSchema, selfTestResultSchema, type AgentStatus } from '../../engine/protocol/agent-program.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import { serviceStateSchema, type ServiceState, type Saying } from '../ipc/site-schema.ts';
import * as commands from './commands.ts';
import type { Host } from './host.ts';
import type { SiteLayout } from './layout.ts';
import { inEnglish, saying } from '../text/saying.ts';

export async function serviceStateOf(
  host: Host,
  layout: SiteLayout,
): Promise<{ state: ServiceState; pid: number | undefined; restarts: number | undefined }> {
  const output = await host.run(commands.serviceState(layout));
  const pid = Number(output.get('pid'));
  const restarts = Number(output.get('restarts'));
  return {
    state: serviceStateSchema.catch('stopped').parse(output.get('state')),
    pid: pid > 0 ? pid : undefined,
    restarts: Number.isInteger(restarts) ? restarts : undefined,
  };
}

/** The running agent's own account. @throws HalfspreadError HS_NOT_RUNNING while it does not answer */
export function agentStatusOf(host: Host, layout: SiteLayout): Promise<AgentStatus> {
  return host.runJson(commands.agentStatus(layout), agentStatusSchema);
}

/** @throws HalfspreadError HS_DEPLOY_SELF_TEST with the checks that failed */
export async function selfTestRelease(host: Host, layout: SiteLayout, release: string): Promise<Saying> {
  const { ok, version, node, secp256k1, checks } = await host.runJson(
    commands.selfTest(layout, release),
    selfTestResultSchema,
  );
  if (ok) return saying('selfTest', { version, node, secp256k1, count: checks.length });
  const failed = checks.filter((check) => !check.ok).map(({ name, detail }) => `${name}: ${detail}`);
  throw new HalfspreadError(
    'HS_DEPLOY_SELF_TEST',
    `The program does not pass its own test on the server: ${failed.join('; ')}. It was not started.`,
    'Mend what it names on the server, then resume. The version before, if there is one, still runs.',
  );
}

/**
 * Waits until the agent answers with this version (and holds its port).
 * @throws HalfspreadError HS_DEPLOY_HEALTH
 */
export async function waitHealthy(
  host: Host,
  layout: SiteLayout,
  version: string,
  options: { timeoutMs: number; signal: AbortSignal; onWait?: (said: Saying) => void },
): Promise<AgentStatus> {
  const startedMs = performance.now();
  let why = '';
  const wait = (reason: string, said: Saying): void => {
    why = reason;
    options.onWait?.(said);
  };
  while (performance.now() - startedMs < options.timeoutMs) {
    try {
      const status = await agentStatusOf(host, layout);
      if (status.version === version) return status;
      const said = saying('health.version', { found: status.version, wanted: version });
      wait(inEnglish([said]), said);
    } catch (error) {
      if (!(error instanceof HalfspreadError) || error.code.startsWith('HS_SSH')) throw error;
      wait(error.message, saying('health.notYet', { why: error.message }));
    }
    await delay(500, undefined, { signal: options.signal });
  }
  const log = await host.run(commands.serviceLog(layout, 3, false));
  throw new HalfspreadError(
    'HS_DEPLOY_HEALTH',
    `The agent does not answer after ${Math.round(options.timeoutMs / 1000)} s (${why}). Its last words: ${log.text.trim().slice(-400) || 'none'}`,
    'Run halfspread site doctor NAME; resume when it is mended.',
  );
}

/**
 * Refuses unless the agent is known to be flat, or there is no agent running that could hold anything.
 * @param doing "stop it": for the message
 * @throws HalfspreadError HS_SITE_NOT_FLAT, HS_SITE_SILENT
 */
export async function demandFlat(host: Host, layout: SiteLayout, doing: string, override: boolean): Promise<void> {
  if (override) return;
  const { state } = await serviceStateOf(host, layout);
  if (state === 'absent' || state === 'stopped' || state === 'failed') return;
  let status: AgentStatus;
  try {
    status = await agentStatusOf(host, layout);
  } catch (error) {
    if (!(error instanceof HalfspreadError) || error.code.startsWith('HS_SSH')) throw error;
    throw new HalfspreadError(
      'HS_SITE_SILENT',
      `The agent runs but does not answer (${error.message}), so nobody knows whether it holds a position.`,
      `Look at the venues’ own pages; if nothing is open, ${doing} with --override.`,
      { cause: error },
    );
  }
  if (status.flat) return;
  throw new HalfspreadError(
    'HS_SITE_NOT_FLAT',
    `The agent is not flat (trading: ${status.trading}): to ${doing} now could leave a position without anybody watching it.`,
    'Close its positions first, or do it anyway with --override: the venues keep the positions, and the next start takes them up again.',
  );
}
