/** Deploying to a real sshd on loopback, under a prefix, with the supervisor instead of systemd; the desktop is this process or the CLI. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { undoDeploy } from '../../main/deploy/deploy.ts';
import { examineSite } from '../../main/deploy/doctor.ts';
import { siteLog, siteStatus, uninstallSite } from '../../main/deploy/operate.ts';
import type { StepProgress } from '../../main/ipc/site-schema.ts';
import { createLab, DEPLOY_CLI, noSshd, processesOf, serverState, type Lab } from './deploy-lab.ts';

const because = noSshd === undefined ? '' : `: skipped, ${noSshd}`;
const isRoot = userInfo().uid === 0;

describe.skipIf(noSshd !== undefined)(`a site from deploy to uninstall${because}`, () => {
  let lab: Lab;
  let release: string;
  beforeAll(async () => {
    lab = await createLab();
  });
  afterAll(() => lab.stop());

  it('is deployed although the desktop was killed in the middle, and a second deploy changes nothing', async () => {
    const victim = spawn(process.execPath, [DEPLOY_CLI, ...cliArguments(lab), '--fingerprint', lab.sshd.fingerprint], {
      env: { ...process.env, HALFSPREAD_HOME: lab.home },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(victim, 'close');
    // The step before has ended: the installation is going on.
    victim.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('[ 7/17]')) victim.kill('SIGKILL');
    });
    expect(await ended).toEqual([null, 'SIGKILL']);
    const resumed = cli(lab, ['--resume', '--fingerprint', lab.sshd.fingerprint, '--json']);
    expect(resumed.stderr).toContain('is deployed');
    const { site, changed, timings } = JSON.parse(resumed.stdout) as Awaited<ReturnType<Lab['deploy']>>;
    console.log(timings.map(({ step, ms }) => `${step} ${(ms / 1000).toFixed(1)} s`).join(', '));
    release = site.release;
    expect(changed).toContain('start');
    expect(site.agent.reachable).toBe(true);
    expect(await readFile(join(lab.home, 'config', 'sites.json'), 'utf8')).not.toMatch(/PRIVATE KEY/);

    const before = await serverState(lab.prefix);
    const pids = (await processesOf(lab.prefix)).map(({ pid }) => pid);
    await lab.reopen();
    expect((await lab.deploy()).changed).toEqual([]);
    expect(await serverState(lab.prefix)).toEqual(before);
    expect((await processesOf(lab.prefix)).map(({ pid }) => pid)).toEqual(pids);
  });

  it('answers doctor and log, and an agent that is killed comes back', async () => {
    const agent = (await processesOf(lab.prefix)).find(({ command }) => command.includes('agent.mjs run'))!;
    process.kill(agent.pid, 'SIGKILL');
    await until(async () => {
      const status = await siteStatus('lab', lab.operate());
      return status.agent !== undefined && status.agent.pid !== agent.pid && status.agent.locked;
    });
    expect((await siteLog('lab', 50, lab.operate())).join('\n')).toContain('the agent ended with 137');
    await appendFile(join(lab.prefix, 'current', 'agent.mjs'), '// changed by somebody\n');
    const findings = await examineSite('lab', lab.operate());
    expect(findings.filter(({ severity }) => severity === 'stop').map(({ code }) => code)).toEqual(['HS_DOCTOR_FILES']);
  });

  it('goes back by itself when an upgrade does not answer', async () => {
    const broken = await lab.variant('broken', (agent) => `if (process.argv[2] === 'run') process.exit(9);\n${agent}`);
    await expect(
      lab.deploy({}, { operation: 'upgrade', ports: { agentFolder: broken, healthTimeoutMs: 2_500 } }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/ROLL/) as string });
    const status = await siteStatus('lab', lab.operate());
    expect(status.current).toBe(release);
    expect(status.releases).toHaveLength(2);
  });

  it('leaves nothing after an uninstall', async () => {
    await uninstallSite('lab', lab.operate({ override: true }));
    expect(existsSync(lab.prefix)).toBe(false);
    expect(await processesOf(lab.prefix)).toEqual([]);
    expect(lab.ports.sites.list()).toEqual([]);
  });
});

describe.skipIf(noSshd !== undefined)(`what cannot be deployed to${because}`, () => {
  let lab: Lab;
  beforeAll(async () => {
    // Without Node: what speaks against the official builds counts.
    lab = await createLab({ withNode: false });
  });
  afterAll(() => lab.stop());

  const refused = (code: string) => expect.objectContaining({ code }) as Error;

  it('is named with its remedy before anything is changed', async () => {
    const faked = async (name: string, script: string, code: string) => {
      lab.fake(name, script);
      await expect(lab.deploy(), name).rejects.toEqual(refused(code));
      await lab.unfake(name);
    };
    await faked('date', 'exec /usr/bin/date -d "10 minutes" "$@"', 'HS_DEPLOY_CLOCK');

    const squatter = createServer().listen(lab.request.agentPort, '127.0.0.1');
    await once(squatter, 'listening');
    await expect(lab.deploy()).rejects.toEqual(refused('HS_DEPLOY_PORT_BUSY'));
    squatter.close();

    await mkdir(lab.prefix);
    await writeFile(join(lab.prefix, '.halfspread'), 'siteId=of-somebody\nname=old\nstate=incomplete\n');
    await expect(lab.deploy()).rejects.toEqual(refused('HS_DEPLOY_LEFTOVERS'));
    expect(await readdir(lab.prefix)).toEqual(['.halfspread']);
    await rm(lab.prefix, { recursive: true });
  });

  it('contacts nobody when the host is an option', () => {
    const trace = join(lab.folder, 'trace');
    const run = spawnSync(process.execPath, [DEPLOY_CLI, 'deploy', '--', `-oProxyCommand=touch ${trace}`], {
      encoding: 'utf8',
      env: { ...process.env, HALFSPREAD_HOME: lab.home },
    });
    expect(run.status, run.stderr).toBe(2);
    expect(run.stderr).toContain('HS_DEPLOY_HOST');
    expect(existsSync(trace)).toBe(false);
  });

  it.skipIf(!isRoot)('says that root is needed when there is no sudo', async () => {
    const name = `hs-nosudo-${process.pid}`;
    spawnSync('useradd', ['--no-create-home', '--home-dir', '/', '--shell', '/bin/sh', name]);
    // sshd refuses accounts whose password is locked.
    spawnSync('usermod', ['-p', '*', name]);
    lab.fake('sudo', 'exit 127');
    try {
      await expect(lab.deploy({ user: name, prefix: undefined })).rejects.toMatchObject({
        code: expect.stringMatching(/NO_ROOT|SUDO_PASSWORD/) as string,
      });
    } finally {
      spawnSync('userdel', [name]);
    }
  });

  it.skipIf(!isRoot)(
    'is stopped by a full disk and by an upload changed on its way, and undoing takes all of it back',
    async () => {
      const disk = join(lab.folder, 'disk');
      const prefix = join(disk, 'p');
      await mkdir(disk);
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'halfspread-test', disk]);
      try {
        lab.fake('node', `exec ${process.execPath} "$@"`);
        const filling = join(disk, 'filling');
        const fill = ({ step, state }: StepProgress) => {
          if (step === 'upload' && state === 'running') spawnSync('dd', ['if=/dev/zero', `of=${filling}`, 'bs=1M']);
        };
        await expect(lab.deploy({ prefix }, { emit: fill })).rejects.toEqual(refused('HS_DEPLOY_DISK_FULL'));
        await rm(filling);
        // It goes on with what arrived; what is copied to its place is changed by somebody.
        lab.fake(
          'cp',
          'for f in "$@"; do case $f in */staging/*) echo more >>"$f" ;; esac; done; exec /usr/bin/cp "$@"',
        );
        await expect(lab.deploy({ prefix })).rejects.toEqual(refused('HS_DEPLOY_HASH'));
        await lab.unfake('cp');
        expect(existsSync(join(prefix, 'versions'))).toBe(true);
        const { gone } = await undoDeploy('lab', { ...lab.operate(), emit: () => undefined });
        expect(gone).toContain('proven: no file, user, unit, process or port is left');
        expect(existsSync(prefix)).toBe(false);
      } finally {
        spawnSync('umount', ['-q', disk]);
      }
    },
  );
});

function cliArguments(lab: Lab): string[] {
  const { port, user, identityFile, prefix, agentPort } = lab.request;
  return [
    ...['deploy', '127.0.0.1', '--name', 'lab', '--port', String(port), '--user', user, '--identity', identityFile!],
    ...['--prefix', prefix!, '--agent-port', String(agentPort), '--samples', '1', '--mirror', 'http://127.0.0.1:9'],
    ...['--secrets-file', join(lab.home, 'secrets.json')],
  ];
}

function cli(lab: Lab, more: string[]): { stdout: string; stderr: string; status: number | null } {
  return spawnSync(process.execPath, [DEPLOY_CLI, ...cliArguments(lab), ...more], {
    encoding: 'utf8',
    env: { ...process.env, HALFSPREAD_HOME: lab.home },
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 60) throw new Error('it did not come to pass');
    await delay(250);
  }
}
