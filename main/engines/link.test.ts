import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAgent, type Agent } from '../../engine/agent/agent.ts';
import { createFakeDesk, noticeEvent, type FakeDesk } from '../../engine/agent/fake-desk.test-helper.ts';
import { createNodeEnv } from '../../engine/node-env.ts';
import type { LinkState } from '../ipc/schema.ts';
import { identityFor, newDeviceKey } from './device-key.ts';
import { connectEngine, type EngineLink } from './link.ts';

/** Generous: the machine may be busy with other tests. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 15_000 });

const cookie = Buffer.alloc(32, 9).toString('base64');
const device = newDeviceKey();
let folder: string;
let desk: FakeDesk;
let agent: Agent;
let link: EngineLink;
let states: LinkState[];
let snapshots: number[];
let events: number[];

/** Between link and agent: can cut connections and hold back what the agent sends. */
let relay: { path: string; cut(): void; holdAnswers(hold: boolean): void; stop(): Promise<void> };

async function startRelay(target: string) {
  const pairs = new Set<[Socket, Socket]>();
  let held = false;
  const server = createServer((inner) => {
    const outer = createConnection(target);
    const pair: [Socket, Socket] = [inner, outer];
    pairs.add(pair);
    inner.on('data', (bytes) => outer.write(bytes));
    outer.on('data', (bytes) => held || inner.write(bytes));
    for (const socket of pair) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
  });
  const path = join(folder, 'relay.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const cut = () => {
    for (const [inner] of pairs) inner.destroy();
  };
  return {
    path,
    cut,
    holdAnswers: (hold: boolean) => (held = hold),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}

function open(agentPublicKey = agent.ready.agentPublicKey): EngineLink {
  return connectEngine(relay.path, identityFor(device, 'operate', cookie, agentPublicKey), {
    onState: (state) => states.push(state),
    onSnapshot: (snapshot) => snapshots.push(snapshot.sequence),
    onEvent: (sequence) => events.push(sequence),
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-link-'));
  desk = createFakeDesk();
  [states, snapshots, events] = [[], [], []];
  agent = await startAgent({
    desk,
    env: createNodeEnv(),
    pipePath: join(folder, 'run', 'engine.sock'),
    cookie,
    devicePublicKey: device.publicKey,
    agentId: 'test',
    version: '0.0.0',
  });
  relay = await startRelay(agent.ready.pipe);
});
afterEach(async () => {
  link.stop();
  await relay.stop();
  await agent.stop();
  await rm(folder, { recursive: true });
});

describe('engine link', () => {
  it('gets a snapshot, events and the round trip, and commands through', async () => {
    link = open();
    await eventually(() => snapshots).toEqual([1]);
    desk.emit(noticeEvent('a'));
    await eventually(() => events).toEqual([2]);
    await expect(link.command({ name: 'ledger' })).resolves.toEqual({ done: 'ledger', times: 1 });
    await expect(link.command({ name: 'closeAll' })).rejects.toMatchObject({ code: 'HS_DESK_FLAT' });
    await eventually(() => link.state()).toMatchObject({ state: 'ready', attempt: 0, rtt: { n: 1 } });
  });

  it('comes back after a cut and receives exactly what it missed', async () => {
    link = open();
    await eventually(() => snapshots).toEqual([1]);
    relay.cut();
    desk.emit(noticeEvent('while away 1'));
    desk.emit(noticeEvent('while away 2'));
    await eventually(() => events).toEqual([2, 3]);
    expect(states.find(({ state }) => state === 'lost')?.nextTryAt).toBeGreaterThan(0);
    // Resumed: no second snapshot.
    expect(snapshots).toEqual([1]);
  });

  it('sends a command whose answer was cut off again, and it takes effect once', async () => {
    link = open();
    await eventually(() => link.state().state).toBe('ready');
    relay.holdAnswers(true);
    const answer = link.command({ name: 'start' });
    await eventually(() => desk.executed.length).toBe(1);
    relay.holdAnswers(false);
    relay.cut();
    await expect(answer).resolves.toEqual({ done: 'start', times: 1 });
    expect(desk.executed).toEqual([{ name: 'start' }]);
  });

  it('refuses a command while the link is down, and ends waiting ones as unknown when stopped', async () => {
    link = open();
    await expect(link.command({ name: 'start' })).rejects.toMatchObject({ code: 'HS_LINK_DOWN' });
    await eventually(() => link.state().state).toBe('ready');
    relay.holdAnswers(true);
    const answer = link.command({ name: 'pause' });
    link.stop();
    await expect(answer).rejects.toMatchObject({ code: 'HS_COMMAND_UNKNOWN' });
  });

  it('never gets ready with an agent that is not the engine that was started', async () => {
    link = open(newDeviceKey().publicKey);
    await eventually(() => link.state().attempt).toBeGreaterThan(1);
    expect(states.some(({ state }) => state === 'ready')).toBe(false);
    expect(snapshots).toEqual([]);
  });
});
