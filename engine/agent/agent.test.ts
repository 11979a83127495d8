import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeEnv } from '../node-env.ts';
import { startAgent, type Agent } from './agent.ts';
import { createFakeDesk, noticeEvent, type FakeDesk } from './fake-desk.test-helper.ts';
import { newSigningKey } from './keys.ts';
import { connectLocally } from './local-client.ts';
import { engineRuntimePath, readEngineRuntime } from './runtime-file.ts';

const env = createNodeEnv();
const cookie = Buffer.alloc(32, 5).toString('base64');
let folder: string;
let desk: FakeDesk;
let agent: Agent;

async function start(pipePath = join(folder, 'run', 'engine.sock')): Promise<Agent> {
  return startAgent({
    desk,
    env,
    pipePath,
    cookie,
    devicePublicKey: newSigningKey().publicKey,
    agentId: 'test',
    version: '0.0.0',
    dataFolder: join(folder, 'data'),
  });
}

async function runtime() {
  const found = await readEngineRuntime(join(folder, 'data'));
  if (!found) throw new Error('no runtime file');
  return found;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-agent-'));
  desk = createFakeDesk();
  agent = await start();
});

afterEach(async () => {
  await agent.stop();
  await rm(folder, { recursive: true });
});

describe('agent on a private pipe', () => {
  it('lets the CLI in by the runtime file: snapshot, then events in order', async () => {
    const client = await connectLocally(await runtime(), 'operate', env);
    const seen: number[] = [];
    const snapshot = await client.subscribe((sequence) => seen.push(sequence));
    desk.emit(noticeEvent('a'));
    desk.emit(noticeEvent('b'));
    await client.command({ name: 'ledger' });
    expect(snapshot.desk.bootId).toBe('boot-1');
    expect(seen).toEqual([2, 3]);
    client.close();
  });

  it('passes results and errors of commands on', async () => {
    const client = await connectLocally(await runtime(), 'operate', env);
    await expect(client.command({ name: 'start' })).resolves.toEqual({ done: 'start', times: 1 });
    await expect(client.command({ name: 'closeAll' })).rejects.toMatchObject({
      code: 'HS_DESK_FLAT',
      remedy: 'Nothing to do.',
    });
    client.close();
  });

  it('refuses commands that change something to a session with the role view', async () => {
    const client = await connectLocally(await runtime(), 'view', env);
    await expect(client.command({ name: 'start' })).rejects.toMatchObject({ code: 'HS_AGENT_ROLE' });
    await expect(client.command({ name: 'ledger' })).resolves.toBeDefined();
    expect(desk.executed.map((command) => command.name)).toEqual(['ledger']);
    client.close();
  });

  it('refuses the CLI the role admin', async () => {
    await expect(connectLocally(await runtime(), 'admin', env)).rejects.toMatchObject({ code: 'HS_LINK_LOST' });
  });

  it('keeps pipe and runtime file to this user, and removes both at the end', async () => {
    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    expect(await mode(join(folder, 'run'))).toBe(0o700);
    expect(await mode(join(folder, 'run', 'engine.sock'))).toBe(0o600);
    expect(await mode(engineRuntimePath(join(folder, 'data')))).toBe(0o600);
    await agent.stop();
    await expect(stat(join(folder, 'run', 'engine.sock'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readEngineRuntime(join(folder, 'data'))).toBeUndefined();
    agent = await start();
  });

  it('refuses a second engine on the same pipe', async () => {
    await expect(start()).rejects.toMatchObject({ code: 'HS_PIPE_BUSY' });
  });

  it('refuses a path the kernel would cut', async () => {
    await expect(start(join(folder, 'x'.repeat(100), 'engine.sock'))).rejects.toMatchObject({ code: 'HS_PIPE_PATH' });
  });

  it('closes a connection that never asks for an upgrade', async () => {
    const idle = createConnection(agent.ready.pipe);
    // A reset is a close too.
    idle.on('error', () => undefined);
    const startedAtMs = performance.now();
    await new Promise((resolve) => idle.resume().once('close', resolve));
    expect(performance.now() - startedAtMs).toBeLessThan(30_000);
  });
});
