import { expect, it } from 'vitest';
import type { Env, SocketHandlers } from '../../env.ts';
import { createVirtualEnv } from '../../simulation/virtual-env.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';

/** A network whose sockets open and then do only what the test says. */
function silentNetwork() {
  const { env, run } = createVirtualEnv({ seed: 1, startWallMs: 0, routes: new Map() });
  const opened: SocketHandlers[] = [];
  const silent: Env = {
    ...env,
    network: {
      ...env.network,
      openSocket: (_options, handlers) => {
        opened.push(handlers);
        env.timers.after(1, () => handlers.onOpen());
        return {
          sendText: () => env.clock.monotonicMs(),
          ping: () => undefined,
          close: (code = 1000, reason = '') => void env.timers.after(1, () => handlers.onClose(code, reason)),
        };
      },
    },
  };
  const losses: string[] = [];
  const socket = new ReconnectingSocket(
    silent,
    { name: 'trading', url: 'ws://x/' },
    {
      onOpen: () => undefined,
      onText: () => undefined,
      onBinary: () => undefined,
      onLost: (reason) => losses.push(reason),
      onState: () => undefined,
    },
  );
  const wait = (ms: number): Promise<void> => run(env.clock.monotonicMs() + ms);
  return { socket, opened, losses, wait, nowMs: () => env.clock.monotonicMs() };
}

it('a peer that answers nothing is given up and another connection is opened', async () => {
  const { socket, opened, losses, wait } = silentNetwork();
  socket.start();
  await wait(16_000);
  expect(losses).toEqual([]);
  await wait(5_000);
  expect(losses).toEqual(['1000 no sign of life']);
  await wait(1_000);
  expect(opened).toHaveLength(2);
});

it('any frame and any pong is a sign of life', async () => {
  const { socket, opened, losses, wait, nowMs } = silentNetwork();
  socket.start();
  for (let round = 0; round < 10; round++) {
    await wait(10_000);
    if (round % 2 === 0) opened[0]!.onPong(12);
    else opened[0]!.onText('{}', nowMs());
  }
  expect(losses).toEqual([]);
  expect(socket.report()).toMatchObject({ rttP50Ms: 12, rttSamples: 5, lastFrameAgeMs: 0 });
});

it('stop closes and stays closed', async () => {
  const { socket, opened, wait } = silentNetwork();
  socket.start();
  await wait(10);
  const stopped = socket.stop();
  await wait(10);
  await stopped;
  await wait(60_000);
  expect(opened).toHaveLength(1);
  expect(socket.report().state).toBe('closed');
  expect(() => socket.send('x')).toThrow(/nothing was sent/);
});
