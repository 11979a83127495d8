import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeEnv } from '../node-env.ts';
import { commandTranscript } from '../protocol/handshake.ts';
import type { Command, Hello } from '../protocol/messages.ts';
import { uuidV7 } from '../protocol/uuid-v7.ts';
import { startAgent, type Agent } from './agent.ts';
import { createFakeDesk, type FakeDesk } from './fake-desk.test-helper.ts';
import { newSigningKey, publicKeyOf, sha256, signBytes } from './keys.ts';
import { connectLocally } from './local-client.ts';
import { enterRaw, type Credentials, type RawClient } from './raw-client.test-helper.ts';
import { readEngineRuntime } from './runtime-file.ts';
import type { AuditRecord } from './session.ts';

const env = createNodeEnv();
const cookie = Buffer.alloc(32, 5).toString('base64');
const key = newSigningKey();
const operator: Credentials = { key, cookie, role: 'operate' };
const arm: Command = { name: 'arm', limits: { maxNotionalE8: 1e12, maxUnhedgedMs: 3_000, maxDayLossE8: 4e10 } };
let folder: string;
let pipe: string;
let desk: FakeDesk;
let agent: Agent;
let audited: AuditRecord[];

const newId = () => uuidV7(Date.now(), env.random.bytes(10));

function signed(hello: Hello, id: string, command: Command, privateKey = key.privateKey) {
  const authorization = signBytes(privateKey, commandTranscript(hello, id, command, sha256));
  return { type: 'COMMAND', id, command, authorization };
}

async function answerTo(client: RawClient, message: object) {
  client.send(message);
  const answer = await client.next();
  if (answer.type !== 'ANSWER') throw new Error(`expected ANSWER, got ${answer.type}`);
  return answer.error?.code ?? 'ok';
}

const refusals = () => audited.filter(({ event }) => event === 'refused').map(({ detail }) => detail.split(': ')[1]);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-authorize-'));
  pipe = join(folder, 'run', 'engine.sock');
  desk = createFakeDesk();
  audited = [];
  agent = await startAgent({
    desk,
    env,
    pipePath: pipe,
    cookie,
    devicePublicKey: key.publicKey,
    agentId: 'test',
    version: '0.0.0',
    dataFolder: join(folder, 'data'),
    audit: (record) => audited.push(record),
  });
});
afterEach(async () => {
  await agent.stop();
  await rm(folder, { recursive: true });
});

describe('a command that risks money', () => {
  it('takes effect once with the signature of its session’s device', async () => {
    const client = await enterRaw(pipe, operator);
    const message = signed(client.hello, newId(), arm);
    expect(await answerTo(client, message)).toBe('ok');
    expect(await answerTo(client, message)).toBe('ok');
    expect(desk.executed).toEqual([arm]);
    client.socket.close();
  });

  it('is refused and noted without one, though the session may give commands', async () => {
    const client = await enterRaw(pipe, operator);
    const message = { type: 'COMMAND', id: newId(), command: arm };
    expect(await answerTo(client, message)).toBe('HS_AUTHORIZATION_REQUIRED');
    expect(refusals()).toEqual(['HS_AUTHORIZATION_REQUIRED']);
    expect(desk.executed).toEqual([]);
    client.socket.close();
  });

  it('is refused with a signature captured in another session', async () => {
    const first = await enterRaw(pipe, operator);
    const second = await enterRaw(pipe, operator);
    const captured = signed(first.hello, newId(), arm);
    expect(await answerTo(second, captured)).toBe('HS_AUTHORIZATION_SIGNATURE');
    expect(refusals()).toEqual(['HS_AUTHORIZATION_SIGNATURE']);
    expect(desk.executed).toEqual([]);
    first.socket.close();
    second.socket.close();
  });

  it('is refused with a signature over other limits, another id, or by another key', async () => {
    const client = await enterRaw(pipe, operator);
    const wider: Command = { ...arm, limits: { ...arm.limits, maxNotionalE8: 9e12 } };
    const id = newId();
    for (const message of [
      { ...signed(client.hello, id, arm), command: wider },
      { ...signed(client.hello, id, arm), id: newId() },
      signed(client.hello, id, arm, newSigningKey().privateKey),
      { ...signed(client.hello, id, arm), authorization: 'AAAA' },
    ]) {
      expect(await answerTo(client, message)).toBe('HS_AUTHORIZATION_SIGNATURE');
    }
    expect(desk.executed).toEqual([]);
    client.socket.close();
  });

  it('is refused to the role view, and to the CLI, whose key lies in a file', async () => {
    const viewer = await enterRaw(pipe, { ...operator, role: 'view' });
    expect(await answerTo(viewer, signed(viewer.hello, newId(), arm))).toBe('HS_AGENT_ROLE');
    const runtime = await readEngineRuntime(join(folder, 'data'));
    const privateKey = runtime!.devicePrivateKey;
    const cliKey = { privateKey, publicKey: publicKeyOf(privateKey) };
    const cli = await enterRaw(pipe, { ...operator, key: cliKey });
    expect(await answerTo(cli, signed(cli.hello, newId(), arm, privateKey))).toBe('HS_AUTHORIZATION_DEVICE');
    expect(refusals()).toEqual(['HS_AGENT_ROLE', 'HS_AUTHORIZATION_DEVICE']);
    expect(desk.executed).toEqual([]);
    viewer.socket.close();
    cli.socket.close();
  });

  it('is signed by the client session when it is told to, and only then', async () => {
    const { pipe: path, agentPublicKey } = agent.ready;
    const runtime = { pipe: path, agentPublicKey, cookie, devicePrivateKey: key.privateKey };
    const client = await connectLocally(runtime, 'operate', env);
    await expect(client.command(arm)).rejects.toMatchObject({ code: 'HS_AUTHORIZATION_REQUIRED' });
    await client.command(arm, true);
    expect(desk.executed).toEqual([arm]);
    client.close();
  });
});
