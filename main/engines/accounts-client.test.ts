import { fork } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestVenues, type TestVenues } from '../../engine/accounts/practice-venues.test-helper.ts';
import { startScriptedHost } from '../../engine/accounts/scripted-host.test-helper.ts';
import type { ParadexTradingKey } from '../../engine/protocol/accounts.ts';
import type { ParadexEndpoint } from '../../engine/protocol/endpoints.ts';
import { launchNodeProcess } from '../shell/browser/node-launcher.ts';
import { FakeElectron } from '../shell/electron/fake-electron.test-helper.ts';
import { createUtilityLauncher } from '../shell/electron/utility-launcher.ts';
import { askAccounts } from './accounts-client.ts';
import type { ChildHandle, ProcessLauncher } from './launcher.ts';

const program = join(import.meta.dirname, '../../engine/accounts/main.ts');
const broken = join(import.meta.dirname, 'fake-accounts.test-helper.ts');

const at = (host: string): ParadexEndpoint => ({
  network: 'custom',
  restUrl: `http://${host}/v1`,
  wsUrl: `ws://${host}/v1`,
});
const anyKey: ParadexTradingKey = { accountAddress: `0x1${'0'.repeat(60)}`, privateKey: '0x1234567890abcdef' };

/** The Node launcher, with its children and everything but their answer noted. */
function watched(launcher: ProcessLauncher = launchNodeProcess) {
  const children: ChildHandle[] = [];
  const argv: string[] = [];
  let ended = 0;
  let said = '';
  const launch: ProcessLauncher = (spec, handlers) => {
    argv.push(spec.script, ...spec.args);
    const child = launcher(spec, {
      ...handlers,
      onStderrLine(line) {
        said += line;
        handlers.onStderrLine(line);
      },
      onExit(...how) {
        ended++;
        handlers.onExit(...how);
      },
    });
    children.push(child);
    return child;
  };
  return { launch, children, argv, ended: () => ended, said: () => said };
}

describe('the accounts program', () => {
  let venues: TestVenues;
  let key: ParadexTradingKey;

  beforeAll(async () => {
    venues = await startTestVenues();
    key = { accountAddress: venues.account.address, privateKey: venues.account.l2PrivateKey };
  });
  afterAll(() => venues.stop());

  it('answers with the task’s own result, and ends', async () => {
    const { launch, argv, ended, said } = watched();
    const made = await askAccounts(launch, program, {
      task: 'paradex.makeSubkey',
      endpoint: venues.paradex,
      mainKey: key,
      name: 'desk',
    });
    expect(made.test.kind).toBe('subkey');
    await expect.poll(ended, { timeout: 15_000 }).toBe(1);
    expect(argv).toEqual([program]);
    expect(said()).toBe('');
  });

  it('rejects with the code and remedy the program gave, and never repeats a secret that the venue quoted', async () => {
    const quoting = { status: 400, body: JSON.stringify({ error: 'ODD', message: `key ${key.privateKey} is odd` }) };
    const host = await startScriptedHost({ '*': quoting });
    const { launch, said } = watched();
    const request = { task: 'paradex.test' as const, endpoint: at(host.host), key };
    const error = await askAccounts(launch, program, request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'HalfspreadError',
      code: 'HS_PARADEX_REFUSED',
      message: expect.stringContaining('[secret]'),
      remedy: expect.stringMatching(/\S/),
    });
    expect(JSON.stringify(error) + said()).not.toContain(key.privateKey.slice(4));
    await host.stop();
  });

  it('takes its request as Electron hands it over, without standard input and descriptors', async () => {
    const { launch, ended } = watched(launchLikeElectron);
    const request = { task: 'paradex.test' as const, endpoint: venues.paradex, key };
    expect(await askAccounts(launch, program, request)).toMatchObject({ kind: 'mainKey' });
    await expect.poll(ended, { timeout: 15_000 }).toBe(1);
  });
});

describe('asking the accounts program', () => {
  const request = (host: string) => ({ task: 'paradex.test' as const, endpoint: at(host), key: anyKey });

  it.each([
    ['garbage', 'cannot be read'],
    ['misfit', 'does not fit'],
    ['silent', 'code 0'],
    ['crash', 'code 1'],
  ])('says what is wrong with a program that fails (%s), not what it printed', async (host, words) => {
    const error = await askAccounts(launchNodeProcess, broken, request(host)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HS_ACCOUNTS_PROGRAM', message: expect.stringContaining(words) });
    expect(String(error)).not.toContain('0xsecret');
  });

  it('says that there is no such program', async () => {
    await expect(askAccounts(launchNodeProcess, `${broken}.not`, request('x'))).rejects.toMatchObject({
      code: 'HS_ACCOUNTS_PROGRAM',
    });
  });

  it('ends a program that hangs when it is aborted, even one that does not want to', async () => {
    const { launch, ended, said } = watched();
    const abort = new AbortController();
    const asked = askAccounts(launch, broken, request('hang'), { signal: abort.signal });
    await expect.poll(said, { timeout: 15_000 }).toMatch(/pid/);
    abort.abort();
    await expect(asked).rejects.toMatchObject({
      code: 'HS_ACCOUNTS_ABORTED',
      message: expect.stringContaining('nothing changed'),
    });
    await expect.poll(ended, { timeout: 15_000 }).toBe(1);
  });

  it('does not start it when already aborted', async () => {
    const { launch, children } = watched();
    const asked = askAccounts(launch, broken, request('hang'), { signal: AbortSignal.abort() });
    await expect(asked).rejects.toMatchObject({ code: 'HS_ACCOUNTS_ABORTED' });
    expect(children).toEqual([]);
  });

  it('ends it after the time allowed, and says what may have happened', async () => {
    const { launch, ended } = watched();
    const mainKey = anyKey;
    const asked = askAccounts(
      launch,
      broken,
      { task: 'paradex.makeSubkey', endpoint: at('hang'), mainKey, name: 'x' },
      { timeoutMs: 100 },
    );
    await expect(asked).rejects.toMatchObject({
      code: 'HS_ACCOUNTS_TIMEOUT',
      message: expect.stringContaining('unknown'),
    });
    await expect.poll(ended, { timeout: 15_000 }).toBe(1);
  });

  it('takes an answer that Electron brings after the end', async () => {
    const electron = new FakeElectron();
    const asked = askAccounts(createUtilityLauncher(electron), program, request('x'));
    const child = electron.processes[0]!;
    expect(child.messages).toEqual([request('x')]);
    child.exit(0);
    const error = { code: 'HS_VENUE_DOWN', message: 'Down.', remedy: 'Wait.' };
    (child.stdout as PassThrough).write(`${JSON.stringify({ ok: false, error })}\n`);
    await expect(asked).rejects.toMatchObject(error);
  });
});

/** A child with a `parentPort` and nothing else, as Electron's utility processes have it. */
const launchLikeElectron: ProcessLauncher = (spec, handlers) => {
  const port = `process.parentPort = { once: (_event, tell) => process.once('message', (data) => tell({ data })) };`;
  const child = fork(spec.script, spec.args, {
    execArgv: ['--import', `data:text/javascript,${encodeURIComponent(port)}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => handlers.onStdoutLine(text.trimEnd()));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => handlers.onStderrLine(text));
  child.on('close', (code, signal) => handlers.onExit(code, signal));
  child.send(spec.handover as object);
  return { pid: child.pid, terminate: () => void child.kill(), kill: () => void child.kill('SIGKILL') };
};
