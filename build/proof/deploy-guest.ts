import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { deploy, requestOf } from '../../main/deploy/deploy.ts';
import { examineSite } from '../../main/deploy/doctor.ts';
import {
  restartSite,
  siteLog,
  siteStatus,
  startSite,
  stopSite,
  uninstallSite,
  type OperateOptions,
} from '../../main/deploy/operate.ts';
import { siteSecretName, type DeployPorts } from '../../main/deploy/ports.ts';
import type { DeployRequest } from '../../main/ipc/site-schema.ts';
import { AGENT, labPorts } from '../e2e/deploy-lab.ts';
import { practiseOnSite, type PracticeReport } from './deploy-practice.ts';
import { createHome } from './program.ts';
import { startGuest, type Guest } from './systemd-guest.ts';

const { signal } = new AbortController();
const quiet = { signal, emit: () => undefined };

export interface GuestReport {
  /** Seconds of each step of the first deploy: login by sudo with a password, Node uploaded. */
  firstDeploySeconds: Record<string, number>;
  secondDeployChanged: string[];
  secondsUntilBackAfterReboot: number;
  /** What `systemd-analyze security` gives the unit: 0 is best, 10 worst. */
  exposure: number;
  practice: PracticeReport;
  uninstalled: string[];
}

/** Deploy, operate, reboot, upgrade, roll back and uninstall on a fresh systemd server. */
export async function proveOnGuest(say: (text: string) => void): Promise<{ report: GuestReport; faults: string[] }> {
  const faults: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'hslab-'));
  const guest = await startGuest(say);
  try {
    const ports = await labPorts(join(folder, 'home'));
    await ports.secrets.set(siteSecretName('guest', 'sudoPassword'), guest.sudoer.password);
    const report = await walk(guest, ports, folder, faults, say).catch((error: unknown) => {
      const log = guest.inside('journalctl -u halfspread -n 25 --no-pager -o short-precise').output;
      throw new Error(`${String(error)}\nThe guest’s journal:\n${log}`, { cause: error });
    });
    return { report, faults };
  } finally {
    await guest.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function walk(
  guest: Guest,
  ports: DeployPorts,
  folder: string,
  faults: string[],
  say: (text: string) => void,
): Promise<GuestReport> {
  const expectThat = (holds: boolean, claim: string) => void (holds || faults.push(`guest: ${claim}`));
  const operate: OperateOptions = { ports, signal };
  const request: DeployRequest = {
    name: 'guest',
    host: guest.address,
    port: 22,
    user: guest.sudoer.name,
    identityFile: guest.identityFile,
    agentPort: 7411,
    fingerprints: [guest.fingerprint],
    adopt: false,
  };

  await refuse(
    deploy(request, 'deploy', { ...quiet, ports: await withoutSecret(ports) }),
    'HS_DEPLOY_SUDO_PASSWORD',
    faults,
  );
  const first = await deploy(request, 'deploy', { ports, ...quiet });
  const firstDeploySeconds = Object.fromEntries(first.timings.map(({ step, ms }) => [step, Math.round(ms / 100) / 10]));
  say(`first deploy: ${JSON.stringify(firstDeploySeconds)}`);
  expectThat(first.site.service === 'systemd' && first.site.ownUser, 'it is a system service with its own user');
  expectThat(first.site.agent.reachable, 'the agent’s port answers from here');
  const mode = guest.inside(
    'stat -c "%U %a" /opt/halfspread/state; ps -o user= -p $(systemctl show -p MainPID --value halfspread)',
  ).output;
  expectThat(
    mode === 'halfspread 700\nhalfspre' || mode === 'halfspread 700\nhalfspread',
    `state folder and process belong to the own user (${mode})`,
  );
  const { output: verified } = guest.inside('systemd-analyze verify /etc/systemd/system/halfspread.service 2>&1');
  expectThat(verified === '', `systemd-analyze verify is silent (${verified.slice(0, 300)})`);
  const exposure = guest.inside('systemd-analyze security --no-pager halfspread.service | tail -1').output;

  const second = await deploy(request, 'deploy', { ports, ...quiet });
  expectThat(second.changed.length === 0, `a second run changes nothing (changed ${second.changed.join(', ')})`);
  const before = await siteStatus('guest', operate);
  expectThat(before.agent?.locked === true, 'the agent is locked until it gets its keys');

  const home = await createHome();
  const practice = await practiseOnSite({
    site: second.site,
    ports,
    home,
    kill: () => void guest.inside('kill -9 $(systemctl show -p MainPID --value halfspread)'),
    say,
  }).finally(() => home.remove());
  faults.push(...practice.faults);
  say(`practised there: ${JSON.stringify(practice.report)}`);
  expectThat(
    guest.inside('cat /proc/$(systemctl show -p MainPID --value halfspread)/coredump_filter').output === '00000000',
    'its memory goes into no core dump',
  );

  const rebootedMs = performance.now();
  await guest.reboot();
  const back = await waitFor(async () => (await siteStatus('guest', operate)).agent?.locked === true);
  const secondsUntilBackAfterReboot = Math.round((performance.now() - rebootedMs) / 100) / 10;
  expectThat(back, 'after a reboot the agent is back, locked');
  say(`back ${secondsUntilBackAfterReboot} s after the reboot began`);

  await stopSite('guest', operate);
  expectThat((await siteStatus('guest', operate)).service === 'stopped', 'stop stops it');
  expectThat((await startSite('guest', operate)).changed, 'start starts it');
  await restartSite('guest', operate);
  const faultsFound = (await examineSite('guest', operate)).filter(({ severity }) => severity === 'stop');
  expectThat(
    faultsFound.length === 0,
    `the doctor finds no fault (${faultsFound.map(({ message }) => message).join('; ')})`,
  );
  expectThat((await siteLog('guest', 20, operate)).length > 0, 'the log is there');

  await upgrade(ports, folder, faults, say);
  const { gone } = await uninstallSite('guest', operate);
  const left = guest.inside(
    'ls -d /opt/halfspread /etc/systemd/system/halfspread.service /home/deployer/.halfspread-staging 2>/dev/null; id -u halfspread 2>/dev/null; pgrep -u deployer -f halfspread; grep -c ":1CF3 .* 0A " /proc/net/tcp',
  ).output;
  expectThat(left === '0', `nothing is left after the uninstall (${left})`);
  return {
    firstDeploySeconds,
    secondDeployChanged: second.changed,
    secondsUntilBackAfterReboot,
    exposure: Number(/: ([\d.]+)/.exec(exposure)?.[1]),
    practice: practice.report,
    uninstalled: gone,
  };
}

/** A good upgrade is kept, one that does not answer is taken back, and no more than three versions stay. */
async function upgrade(
  ports: DeployPorts,
  folder: string,
  faults: string[],
  say: (text: string) => void,
): Promise<void> {
  const variants = ['// one\n', '// two\n', '// three\n'];
  let good = '';
  for (const [index, comment] of variants.entries()) {
    const agentFolder = await variantOf(join(folder, `v${index}`), (agent) => `${agent}\n${comment}`);
    const { site } = await deploy(requestOf(ports.sites.need('guest')), 'upgrade', {
      ...quiet,
      ports: { ...ports, agentFolder },
    });
    good = site.release;
  }
  const { releases } = await siteStatus('guest', { ports, signal });
  if (releases.length > 4) faults.push(`guest: ${releases.length} versions are kept`);
  const broken = await variantOf(
    join(folder, 'broken'),
    (agent) => `if (process.argv[2] === 'run') process.exit(9);\n${agent}`,
  );
  await refuse(
    deploy(requestOf(ports.sites.need('guest')), 'upgrade', {
      ...quiet,
      ports: { ...ports, agentFolder: broken, healthTimeoutMs: 8_000 },
    }),
    'HS_DEPLOY_ROLLED_BACK',
    faults,
  );
  const status = await siteStatus('guest', { ports, signal });
  if (status.current !== good || !status.agent)
    faults.push(`guest: after the failed upgrade ${status.current ?? 'nothing'} runs instead of ${good}`);
  say(`${variants.length} upgrades, one taken back; kept: ${status.releases.join(', ')}`);
}

async function variantOf(folder: string, change: (agent: string) => string): Promise<string> {
  await cp(AGENT, folder, { recursive: true });
  await writeFile(join(folder, 'agent.mjs'), change(await readFile(join(folder, 'agent.mjs'), 'utf8')));
  return folder;
}

async function withoutSecret(ports: DeployPorts): Promise<DeployPorts> {
  const get = (name: string) => (name.endsWith('sudoPassword') ? Promise.resolve(undefined) : ports.secrets.get(name));
  return { ...ports, secrets: { ...ports.secrets, get } };
}

async function refuse(work: Promise<unknown>, code: string, faults: string[]): Promise<void> {
  try {
    await work;
    faults.push(`guest: expected ${code}, but it went through`);
  } catch (error) {
    const found = error instanceof Error && 'code' in error ? error.code : String(error);
    if (found !== code) faults.push(`guest: expected ${code}, got ${String(found)}: ${String(error)}`);
  }
}

async function waitFor(holds: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 60; tries++) {
    if (await holds()) return true;
    await delay(500);
  }
  return false;
}
