import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HalfspreadError } from '../../core/errors.ts';
import { createNodeEnv } from '../../node-env.ts';
import type { Command } from '../../protocol/messages.ts';
import type { UnlockContentInput } from '../../protocol/unlock.ts';
import { createFakeDesk, noticeEvent, type FakeDesk } from '../fake-desk.test-helper.ts';
import { newTestDevice } from '../remote/remote-agent.test-helper.ts';
import { seal } from '../seal.test-helper.ts';
import { createSealKey, type SealKey } from '../seal.ts';
import { ensureIdentity, readIdentity } from '../trust/identity.ts';
import { openTermStore, type TermStore } from '../trust/term-store.ts';
import { openTrustStore, type TrustStore } from '../trust/trust-store.ts';
import { createAgentCommands } from './agent-commands.ts';
import { createAgentDesk, type AgentDesk, type AgentDeskOptions } from './agent-desk.ts';
import { stateFolder } from './state-folder.ts';

const env = createNodeEnv();
const device = newTestDevice();
const SECRET = 'a-key-nobody-may-find';
let root: string;
let agentId: string;
let started: { fake: FakeDesk; launch: unknown; stopped: string[] }[];
let startDesk: AgentDeskOptions['startDesk'];
let desk: AgentDesk;
let terms: TermStore;
let trust: TrustStore;
let sealKey: SealKey;
let execute: (command: Command, deviceId?: string) => Promise<unknown>;

const practice = (term: number): UnlockContentInput => ({
  desk: { mode: 'practice', venues: { secret: SECRET } },
  term,
});

function unlockCommand(content: unknown, change: { bootId?: string; deviceId?: string } = {}): Command {
  const context = { agentId, bootId: 'boot', deviceId: device.deviceId, ...change };
  return { name: 'unlock', sealed: seal(Buffer.from(JSON.stringify(content)), sealKey.publicKey, context) };
}

/** Puts agent desk, terms and commands together as `run` does, as after a start. */
async function boot(): Promise<void> {
  desk = await createAgentDesk({
    folder: stateFolder(root),
    env,
    startDesk: (...given) => startDesk(...given),
    onEvent: () => undefined,
  });
  terms = await openTermStore(root, agentId);
  sealKey = createSealKey();
  const commands = createAgentCommands({
    agentId,
    bootId: 'boot',
    stateFolder: root,
    env,
    desk,
    trust,
    terms,
    sealKey,
    audit: () => undefined,
  });
  execute = (command, deviceId = device.deviceId) => commands(command, deviceId);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hs-agent-desk-'));
  ({ agentId } = (await ensureIdentity(root)).identity);
  trust = await openTrustStore(root, env, () => undefined);
  started = [];
  startDesk = async (launch, _env, { dataFolder }) => {
    await mkdir(dataFolder, { recursive: true });
    const fake = createFakeDesk(`desk-${started.length + 1}`);
    const stopped: string[] = [];
    started.push({ fake, launch, stopped });
    const snapshot = fake.snapshot();
    Object.assign(snapshot.desk, { dataFolder });
    return {
      desk: fake,
      started: Promise.resolve(),
      stop: (reason: string) => {
        stopped.push(reason);
        return Promise.resolve();
      },
    } as never;
  };
  await boot();
});
afterEach(async () => {
  await trust.close();
  await rm(root, { recursive: true });
});

describe('a locked agent', () => {
  it('says so, does nothing, and holds no term', async () => {
    expect(desk.snapshot()).toMatchObject({ trading: 'locked', tradingReason: { code: 'HS_AGENT_LOCKED' } });
    await expect(execute({ name: 'start' })).rejects.toMatchObject({ code: 'HS_TERM_NOT_HELD' });
    await expect(execute({ name: 'trades.list', limit: 1 })).rejects.toMatchObject({ code: 'HS_AGENT_LOCKED' });
    expect(desk.isFlat()).toBe(true);
  });

  it('is unlocked with what was sealed for it, and clients see the desk’s state from then on', async () => {
    const events: number[] = [];
    let replaced = 0;
    desk.onReplaced(() => (replaced += 1));
    await expect(execute(unlockCommand(practice(3)))).resolves.toEqual({ mode: 'practice', term: 3 });
    desk.onEvent((sequence) => events.push(sequence));
    expect(started.map(({ launch }) => launch)).toEqual([practice(3).desk]);
    expect(desk.snapshot().desk.bootId).toBe('desk-1');
    expect(replaced).toBe(1);
    started[0]!.fake.emit(noticeEvent('x'));
    expect(events).toEqual([2]);
    await expect(execute({ name: 'start' })).resolves.toBeDefined();
    await expect(execute(unlockCommand(practice(4)))).rejects.toMatchObject({ code: 'HS_AGENT_UNLOCKED' });
    expect(terms.current().term).toBe(3);
  });

  it.each<[string, () => Command, string]>([
    ['for another start', () => unlockCommand(practice(1), { bootId: 'earlier' }), 'HS_SEAL'],
    ['by another device', () => unlockCommand(practice(1), { deviceId: newTestDevice().deviceId }), 'HS_SEAL'],
    ['without a term', () => unlockCommand({ desk: { mode: 'practice' } }), 'HS_UNLOCK_CONTENT'],
    ['with an unknown mode', () => unlockCommand({ desk: { mode: 'free' }, term: 1 }), 'HS_UNLOCK_CONTENT'],
  ])('stays locked by what was sealed %s', async (_what, command, code) => {
    await expect(execute(command())).rejects.toMatchObject({ code });
    expect(started).toEqual([]);
    expect(desk.isLocked()).toBe(true);
  });

  it('never names a value of the content in its error', async () => {
    const content = { desk: { mode: 'practice', [SECRET]: SECRET }, term: SECRET };
    await expect(execute(unlockCommand(content))).rejects.not.toMatchObject({
      message: expect.stringContaining(SECRET) as string,
    });
  });

  it('is locked as before, with the reason, when its desk cannot start at once or later', async () => {
    const refusal = new HalfspreadError('HS_MARKET_UNKNOWN', 'There is no such market.', 'Choose one.');
    const usual = startDesk;
    startDesk = () => Promise.reject(refusal);
    await expect(execute(unlockCommand(practice(1)))).rejects.toBe(refusal);
    expect(desk.snapshot().tradingReason?.message).toContain('There is no such market.');
    startDesk = async (...given) => ({ ...(await usual(...given)), started: Promise.reject(refusal) });
    await expect(execute(unlockCommand(practice(1)))).rejects.toBe(refusal);
    expect(desk.isLocked()).toBe(true);
    startDesk = usual;
    await expect(execute(unlockCommand(practice(1)))).resolves.toBeDefined();
  });
});

describe('an unlocked agent', () => {
  beforeEach(() => execute(unlockCommand(practice(5))));

  it('stops its desk and forgets its keys when it is locked, and after a restart', async () => {
    await expect(execute({ name: 'lock' })).resolves.toEqual({ flat: true });
    expect(started[0]!.stopped.length).toBe(1);
    expect(desk.snapshot()).toMatchObject({ trading: 'locked', desk: { coin: 'BTC' } });
    await execute(unlockCommand(practice(5)));
    await boot();
    expect(desk.isLocked()).toBe(true);
    for (const name of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      expect(await readFile(join(name.parentPath, name.name), 'utf8')).not.toContain(SECRET);
    }
  });

  it('only reads once another engine was given the term', async () => {
    await execute({ name: 'start' });
    await execute({ name: 'term.set', granted: { term: 6, holder: 'local' } });
    expect(started[0]!.fake.executed.map(({ name }) => name)).toEqual(['start', 'pause']);
    await expect(execute({ name: 'start' })).rejects.toMatchObject({ code: 'HS_TERM_NOT_HELD' });
    await execute({ name: 'lock' });
    await expect(execute(unlockCommand(practice(6)))).rejects.toMatchObject({ code: 'HS_TERM_OLD' });
    await boot();
    await expect(execute(unlockCommand(practice(5)))).rejects.toMatchObject({ code: 'HS_TERM_OLD' });
    await expect(execute(unlockCommand(practice(7)))).resolves.toBeDefined();
  });
});

it('tells its pins, and its next one after a rotation', async () => {
  const { tls } = await readIdentity(root);
  const shown = { spkiPin: tls.spkiPin, certificatePem: tls.certificatePem };
  await expect(execute({ name: 'agent.pins' })).resolves.toEqual(shown);
  const next = await execute({ name: 'agent.rotate' });
  await expect(execute({ name: 'agent.pins' })).resolves.toEqual({ ...shown, next });
});
