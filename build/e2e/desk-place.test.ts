/** The desk moves from this machine to an agent on a server and back, in practice, on the same venues. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, noSshd, startSshd, type LoopbackSshd } from '../../main/deploy/ssh/sshd.test-helper.ts';
import { processesOf } from './deploy-lab.ts';
import { startHalfspread, type RunningHalfspread } from './halfspread-window.ts';
import { connectAsWindow, type WindowCalls } from './window-calls.ts';

describe.skipIf(noSshd !== undefined)(`the place of the desk${noSshd ? `: ${noSshd}` : ''}`, () => {
  let folder: string;
  let prefix: string;
  let sshd: LoopbackSshd;
  let app: RunningHalfspread;
  let window: WindowCalls;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hs-place-'));
    prefix = join(folder, 'site');
    sshd = await startSshd({ folder: join(folder, 's'), pathFirst: [dirname(process.execPath)] });
    const config = join(folder, 'home', 'config');
    await mkdir(config, { recursive: true, mode: 0o700 });
    await writeFile(join(config, 'keys.json'), JSON.stringify({ version: 1, storage: 'session', keys: [] }));
    app = await startHalfspread(join(folder, 'home'));
    window = await connectAsWindow(app.home);
  }, 120_000);
  afterAll(async () => {
    window?.close();
    await app?.stop();
    for (const { pid } of await processesOf(prefix)) process.kill(pid, 'SIGKILL');
    await sshd?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = () => window.call('app.open', {});
  const state = async () => {
    const { app: appState, snapshot, sites } = await open();
    return { place: appState.place, link: appState.link, engine: appState.engine, snapshot, sites };
  };

  it('is here first, and a deployed agent is linked and locked', async () => {
    await window.call('practice.choose', {
      tape: (await open()).app.practice.tapes[0]!.id,
      network: 'adsl-rural',
      fees: 'zero',
    });
    await window.call('sites.deploy', {
      name: 'lab',
      host: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      identityFile: sshd.identityFile,
      prefix,
      agentPort: await freePort(),
      fingerprints: [sshd.fingerprint],
      adopt: false,
    });
    await expect
      .poll(async () => (await state()).sites?.links, { timeout: 60_000 })
      .toMatchObject([{ site: 'lab', link: { state: 'ready' }, trading: 'locked', holdsDesk: false }]);
    expect((await state()).place).toEqual({});
    await expect
      .poll(async () => (await state()).snapshot?.statistics.orderToAck?.n ?? 0, { timeout: 90_000 })
      .toBeGreaterThanOrEqual(8);
  });

  it('moves to the agent, which trades on the same venues over the line of a server', async () => {
    const before = (await state()).snapshot!;
    await window.call('place.move', { site: 'lab' });
    await expect
      .poll(
        async () => {
          const s = await state();
          return [s.place, s.snapshot?.trading, s.snapshot?.desk.network, s.link.state];
        },
        { timeout: 60_000 },
      )
      .toEqual([{ site: 'lab' }, 'trading', 'vps-near', 'ready']);
    const now = await state();
    console.log(now.snapshot?.desk, before.desk);
    await expect
      .poll(async () => (await state()).snapshot?.statistics.orderToAck?.n ?? 0, { timeout: 90_000 })
      .toBeGreaterThanOrEqual(8);
    const { figures } = (await state()).sites!;
    console.log(JSON.stringify(figures, undefined, 1));
    expect((await readFile(join(app.home, 'config', 'term.json'), 'utf8')).length).toBeGreaterThan(10);
  });
});
