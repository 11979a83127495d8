import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deploy, undoDeploy } from '../../main/deploy/deploy.ts';
import { uninstallSite } from '../../main/deploy/operate.ts';
import { deployStepIds, type DeployRequest } from '../../main/ipc/site-schema.ts';
import { labPorts, serverState, type Lab } from '../e2e/deploy-lab.ts';

const VICTIM = fileURLToPath(new URL('./deploy-victim.ts', import.meta.url));
const { signal } = new AbortController();
const quiet = { signal, emit: () => undefined };

export interface KillReport {
  /** Journal records of an undisturbed deploy: the points it was killed at. */
  deployPoints: number;
  undoPoints: number;
  /** Kills at a random moment, most of them in the middle of a step. */
  randomKills: number;
  /** Deploys that were resumed and run once more, and changed nothing then. */
  idempotent: number;
}

interface Options {
  lab: Lab;
  randomKills: number;
  random: () => number;
  say(text: string): void;
  cancelled: AbortSignal;
}

/** Kills the deploying process at every point of its journal, resumes, and compares the server with an undisturbed deploy. */
export async function killDeploys({
  lab,
  randomKills,
  random,
  say,
  cancelled,
}: Options): Promise<{ report: KillReport; faults: string[] }> {
  const faults: string[] = [];
  const reference = await runOnce(lab, 'reference');
  const points = reference.records;
  say(`an undisturbed deploy: ${points} journal records, ${(reference.ms / 1000).toFixed(1)} s`);
  const report: KillReport = { deployPoints: points, undoPoints: 0, randomKills, idempotent: 0 };

  const check = async (name: string, home: string, request: DeployRequest, again: boolean) => {
    const ports = await labPorts(home);
    await deploy(request, 'deploy', { ports, ...quiet });
    const state = await serverState(request.prefix!);
    const difference = firstDifference(reference.state, state);
    if (difference !== undefined) faults.push(`${name}: the server differs after the resume: ${difference}`);
    if (again) {
      const { changed } = await deploy(request, 'deploy', { ports, ...quiet });
      if (changed.length > 0) faults.push(`${name}: a second run changed ${changed.join(', ')}`);
      report.idempotent += 1;
    }
    await uninstallSite(request.name, { ports, signal });
    if ((await serverState(request.prefix!)).length > 0) faults.push(`${name}: something is left after the uninstall`);
  };

  for (let point = 1; point <= points && !cancelled.aborted; point++) {
    const { home, request } = fresh(lab, `k${point}`);
    const { signal: by, stderr } = await victim({ home, request, work: 'deploy', killAfter: point });
    if (by !== 'SIGKILL') faults.push(`point ${point}: the deploy was not killed: ${stderr.slice(-300)}`);
    await check(`killed after record ${point}`, home, request, point % 6 === 0);
    if (point % 6 === 0) say(`killed after ${point} of ${points} records`);
  }
  for (let kill = 1; kill <= randomKills && !cancelled.aborted; kill++) {
    const { home, request } = fresh(lab, `r${kill}`);
    await victim({ home, request, work: 'deploy', killAfter: 0 }, random() * reference.ms);
    await check(`killed at random (${kill})`, home, request, false);
  }
  report.undoPoints = await killUndos(lab, faults, say, cancelled);
  return { report, faults };
}

/** Undoing a deploy that was killed late, itself killed at every point, always ends with nothing left. */
async function killUndos(
  lab: Lab,
  faults: string[],
  say: (text: string) => void,
  cancelled: AbortSignal,
): Promise<number> {
  const healthBegun = 2 * deployStepIds.indexOf('health') + 2;
  for (let point = 1; !cancelled.aborted; point++) {
    const { home, request } = fresh(lab, `u${point}`);
    await victim({ home, request, work: 'deploy', killAfter: healthBegun });
    const { signal: by } = await victim({ home, request, work: 'undo', killAfter: point });
    const ports = await labPorts(home);
    // Not killed: it was done before its n-th record, so every point has been tried.
    if (by === 'SIGKILL') await undoDeploy(request.name, { ports, ...quiet }).catch(ignoreNothingLeft);
    const left = await serverState(request.prefix!);
    if (left.length > 0) faults.push(`undo killed after record ${point}: left ${left.slice(0, 5).join(', ')}`);
    if (ports.sites.list().length > 0) faults.push(`undo killed after record ${point}: the site is still in the list`);
    if (by !== 'SIGKILL') {
      say(`undoing killed at each of its ${point - 1} records`);
      return point - 1;
    }
  }
  return 0;
}

/** Killed after its very last record: there is nothing unfinished any more. */
function ignoreNothingLeft(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'HS_DEPLOY_NOTHING_UNFINISHED')) throw error;
}

async function runOnce(lab: Lab, name: string): Promise<{ state: string[]; records: number; ms: number }> {
  const { home, request } = fresh(lab, name);
  const plain = await labPorts(home);
  let records = 0;
  const ports: typeof plain = {
    ...plain,
    async openJournal(...options) {
      const journal = await plain.openJournal(...options);
      return { ...journal, records: journal.records, append: (record) => ((records += 1), journal.append(record)) };
    },
  };
  const startedMs = performance.now();
  await deploy(request, 'deploy', { ports, ...quiet });
  const ms = performance.now() - startedMs;
  const state = await serverState(request.prefix!);
  await uninstallSite(request.name, { ports, signal });
  return { state, records, ms };
}

/** A desktop and a folder on the server that nobody has used. */
function fresh(lab: Lab, name: string): { home: string; request: DeployRequest } {
  return { home: join(lab.folder, 'homes', name), request: { ...lab.request, prefix: join(lab.folder, name) } };
}

async function victim(
  orders: { home: string; request: DeployRequest; work: 'deploy' | 'undo'; killAfter: number },
  killAtMs?: number,
): Promise<{ signal: NodeJS.Signals | null; stderr: string }> {
  const child = spawn(process.execPath, [VICTIM, JSON.stringify(orders)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const timer = killAtMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAtMs);
  const [, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  return { signal: by, stderr };
}

function firstDifference(expected: string[], found: string[]): string | undefined {
  const missing = expected.find((line) => !found.includes(line));
  const extra = found.find((line) => !expected.includes(line));
  if (missing === undefined && extra === undefined) return undefined;
  return `${missing === undefined ? '' : `missing "${missing}" `}${extra === undefined ? '' : `extra "${extra}"`}`;
}
