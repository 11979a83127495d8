import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import {
  deployStepIds,
  type DeployRequest,
  type DeployStepId,
  type Site,
  type Unfinished,
} from '../ipc/site-schema.ts';
import { packAgent } from './bundle.ts';
import { DeployContext } from './context.ts';
import { openDeployJournal, readDeployJournal, type DeployJournal, type DeployRecord } from './journal.ts';
import { changedAccordingTo, runSteps, undoSteps, type EmitProgress } from './machine.ts';
import type { DeployPorts } from './ports.ts';
import { checkRequest, checkSiteName } from './request.ts';
import { lockSite } from './site-lock.ts';
import { DEPLOY_STEPS } from './steps/all.ts';
import { goneOf, type Gone } from './told.ts';

export interface DeployOptions {
  ports: DeployPorts;
  signal: AbortSignal;
  emit: EmitProgress;
  /** Go on although the agent there is not flat. */
  override?: boolean;
}

export interface DeployResult {
  site: Site;
  /** Steps that changed something; empty when all was as it should be. */
  changed: DeployStepId[];
  timings: { step: DeployStepId; ms: number }[];
  resumed: boolean;
}

type Started = Extract<DeployRecord, { kind: 'started' }>;

interface Found {
  path: string;
  started: Started;
  /** It got as far as changing something on the server. */
  touched: boolean;
}

/** Finished journals that are kept, of all sites. */
const KEPT_JOURNALS = 30;

/**
 * Deploys, or goes on with a deploy of this site that did not finish. On a site that is deployed it changes nothing and says so.
 * @throws HalfspreadError HS_DEPLOY_..., HS_SSH_..., HS_SITE_...
 */
export async function deploy(
  input: unknown,
  operation: 'deploy' | 'upgrade',
  options: DeployOptions,
): Promise<DeployResult> {
  const request = checkRequest(input);
  const unlock = await lockSite(options.ports.folder, request.name);
  try {
    return await deployLocked(request, operation, options);
  } finally {
    await unlock();
  }
}

async function deployLocked(
  request: DeployRequest,
  operation: 'deploy' | 'upgrade',
  options: DeployOptions,
): Promise<DeployResult> {
  const { ports, signal, emit } = options;
  const bundle = await packAgent(ports.agentFolder, ports.version, join(ports.folder, 'packed'));
  const known = ports.sites.get(request.name);
  if (known && (known.host !== request.host || known.prefix !== (request.prefix ?? known.prefix))) {
    throw new HalfspreadError(
      'HS_DEPLOY_NAME_TAKEN',
      `The site "${request.name}" is on ${known.host} (${known.prefix}) already.`,
      'Give this one another name with --name, or uninstall the other first.',
    );
  }
  let unfinished = await findUnfinished(ports.folder, request.name);
  if (unfinished && !unfinished.touched) {
    // It never got as far as changing anything on the server: there is nothing to go on with.
    await rm(unfinished.path);
    unfinished = undefined;
  }
  if (unfinished && !isSamePlace(unfinished.started.request, request)) throw otherUnfinished(unfinished.started);
  await pruneJournals(ports.folder);
  const siteId = known?.id ?? unfinished?.started.siteId ?? randomUUID();
  const path = unfinished?.path ?? join(journalFolder(ports.folder), `${request.name}.${ports.nowMs()}.jsonl`);
  const journal = await ports.openJournal(path, ports.nowMs);
  try {
    await journal.append(
      unfinished
        ? { kind: 'resumed', request, release: bundle.release }
        : { kind: 'started', operation, siteId, request, release: bundle.release, fresh: !known && !request.adopt },
    );
    const changed = changedAccordingTo(journal.records);
    const context = new DeployContext({
      ...{ request, operation, siteId, ports, signal, bundle, changed },
      override: options.override ?? false,
    });
    try {
      const outcome = await runSteps(DEPLOY_STEPS, context, journal, changed, emit);
      await journal.append({ kind: 'finished', outcome: 'deployed' });
      return { site: ports.sites.need(request.name), resumed: unfinished !== undefined, ...outcome };
    } catch (error) {
      await closeAfterRollback(journal, error);
      throw error;
    } finally {
      await context.close();
    }
  } finally {
    await journal.close();
  }
}

/** A release that was taken back is over: the next upgrade is a new one. */
async function closeAfterRollback(journal: DeployJournal, error: unknown): Promise<void> {
  if (!(error instanceof HalfspreadError) || error.code !== 'HS_DEPLOY_ROLLED_BACK') return;
  await journal.append({ kind: 'rolledBack', to: error.message.slice(0, 200) });
  await journal.append({ kind: 'finished', outcome: 'rolledBack' });
}

/**
 * Takes an unfinished deploy back and proves what is gone.
 * @throws HalfspreadError HS_DEPLOY_NOTHING_TO_UNDO, HS_DEPLOY_NOT_FRESH, ...
 */
export async function undoDeploy(name: string, options: DeployOptions): Promise<Gone> {
  const { ports, signal, emit } = options;
  const unlock = await lockSite(ports.folder, checkSiteName(name));
  try {
    const unfinished = await needUnfinished(ports.folder, name);
    const { started, path } = unfinished;
    if (!started.fresh) throw notFresh(name);
    const bundle = await packAgent(ports.agentFolder, ports.version, join(ports.folder, 'packed'));
    const journal = await ports.openJournal(path, ports.nowMs);
    const changed = changedAccordingTo(journal.records);
    const context = new DeployContext({
      ...{
        request: started.request,
        operation: started.operation,
        siteId: started.siteId,
        ports,
        signal,
        bundle,
        changed,
      },
      override: true,
    });
    try {
      const gone = await undoSteps(DEPLOY_STEPS, context, journal, emit);
      await journal.append({ kind: 'finished', outcome: 'undone' });
      return goneOf(gone);
    } finally {
      await context.close();
      await journal.close();
    }
  } finally {
    await unlock();
  }
}

/** The request an unfinished deploy was started with. @throws HalfspreadError HS_DEPLOY_NOTHING_UNFINISHED */
export async function requestToResume(
  folder: string,
  name: string,
): Promise<{ request: DeployRequest; operation: 'deploy' | 'upgrade' }> {
  const { started } = await needUnfinished(folder, checkSiteName(name));
  return { request: started.request, operation: started.operation };
}

/** The request that describes a site as it is: for an upgrade or a repair. */
export function requestOf(site: Site): DeployRequest {
  return {
    name: site.name,
    host: site.host,
    port: site.port,
    user: site.user,
    jump: site.jump,
    identityFile: site.identityFile,
    prefix: site.ownUser ? undefined : site.prefix,
    agentPort: site.agent.port,
    fingerprints: [],
    adopt: false,
    provider: site.provider,
  };
}

/** Deploys and upgrades that neither finished nor were undone. A journal that cannot be read is left out here; using it says why. */
export async function listUnfinished(folder: string): Promise<Unfinished[]> {
  const found: Unfinished[] = [];
  for (const path of await journals(folder)) {
    const read = await readDeployJournal(path).catch((error: unknown) => toWireError(error));
    if ('code' in read || !isUnfinished(read.records) || wasRefused(read.records)) continue;
    const started = startOf(read.records);
    if (!started) continue;
    const last = read.records.findLast((record) => record.kind === 'begin');
    const failed = read.records.findLast((record) => record.kind === 'failed');
    found.push({
      site: started.request.name,
      host: started.request.host,
      kind: started.operation,
      startedAt: read.startedAt,
      lastStep: last?.kind === 'begin' ? last.step : undefined,
      error: failed?.kind === 'failed' ? failed.error : undefined,
    });
  }
  return found;
}

async function findUnfinished(folder: string, name: string): Promise<Found | undefined> {
  for (const path of (await journals(folder)).reverse()) {
    if (!path.includes(`/${name}.`) && !path.includes(`\\${name}.`)) continue;
    const { records } = await readDeployJournal(path);
    const started = startOf(records);
    if (started && isUnfinished(records)) return { path, started, touched: hasTouched(records) };
  }
  return undefined;
}

async function needUnfinished(folder: string, name: string): Promise<Found> {
  const unfinished = await findUnfinished(folder, name);
  if (unfinished) return unfinished;
  throw new HalfspreadError(
    'HS_DEPLOY_NOTHING_UNFINISHED',
    `No deploy of "${name}" is unfinished.`,
    'halfspread site list shows what there is; halfspread site uninstall NAME removes a site.',
  );
}

/** Ends what is unfinished of a site whose server is gone: nothing is left to resume or to undo. */
export async function closeUnfinished(folder: string, name: string, nowMs: () => number): Promise<void> {
  const unfinished = await findUnfinished(folder, checkSiteName(name));
  if (!unfinished) return;
  const journal = await openDeployJournal(unfinished.path, nowMs);
  await journal.append({ kind: 'finished', outcome: 'undone' });
  await journal.close();
}

function isSamePlace(a: DeployRequest, b: DeployRequest): boolean {
  return a.host === b.host && a.prefix === b.prefix;
}

/** How it was started, with the latest request. */
function startOf(records: readonly DeployRecord[]): Started | undefined {
  const first = records[0];
  const resumed = records.findLast((record) => record.kind === 'resumed');
  return first?.kind === 'started' ? { ...first, request: resumed?.request ?? first.request } : undefined;
}

function isUnfinished(records: readonly DeployRecord[]): boolean {
  return records.length > 0 && !records.some(({ kind }) => kind === 'finished');
}

function hasTouched(records: readonly DeployRecord[]): boolean {
  const first = deployStepIds.indexOf('runtime');
  return records.some((record) => record.kind === 'begin' && deployStepIds.indexOf(record.step) >= first);
}

/** Ended with an error before anything was changed: nothing to resume, nothing to take back. */
function wasRefused(records: readonly DeployRecord[]): boolean {
  return records.at(-1)?.kind === 'failed' && !hasTouched(records);
}

async function pruneJournals(folder: string): Promise<void> {
  const startedAt = (path: string) => Number(/\.(\d+)\.jsonl$/.exec(path)?.[1]);
  const old = (await journals(folder)).sort((a, b) => startedAt(a) - startedAt(b)).slice(0, -KEPT_JOURNALS);
  for (const path of old) {
    const read = await readDeployJournal(path).catch((error: unknown) => toWireError(error));
    if (!('code' in read) && !isUnfinished(read.records)) await rm(path, { force: true });
  }
}

function journalFolder(folder: string): string {
  return join(folder, 'journals');
}

async function journals(folder: string): Promise<string[]> {
  const names = await readdir(journalFolder(folder)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(journalFolder(folder), name));
}

function otherUnfinished({ request }: Started): HalfspreadError {
  return new HalfspreadError(
    'HS_DEPLOY_UNFINISHED',
    `A deploy of "${request.name}" to ${request.host} is unfinished.`,
    `Finish it (halfspread deploy ${request.host} --name ${request.name} --resume), take it back (--cancel), or give this one another --name.`,
  );
}

function notFresh(name: string): HalfspreadError {
  return new HalfspreadError(
    'HS_DEPLOY_NOT_FRESH',
    `"${name}" existed before this deploy, so taking it back would take more than the deploy brought.`,
    `Resume it, go back with halfspread site rollback ${name}, or remove the site with halfspread site uninstall ${name}.`,
  );
}
