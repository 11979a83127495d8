import { beforeEach, expect, test } from 'vitest';
import { sampleAlerts } from '../sample/alerts.ts';
import { sampleDesktop } from '../sample/desktop.ts';
import { sampleApp, sampleSnapshot } from '../sample/snapshot.ts';
import { CallError } from './call-error.ts';
import { createSocketBridge, type SocketLike, type WindowLink } from './socket-bridge.ts';

class FakeSocket implements SocketLike {
  sent: { kind: string; id: number; name: string; input: unknown }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as (typeof this.sent)[number]);
  }
  close(): void {
    this.onclose?.();
  }
  receive(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }
}

let sockets: FakeSocket[];
let links: WindowLink[];
let timers: { callback: () => void; ms: number }[];

beforeEach(() => {
  sockets = [];
  links = [];
  timers = [];
});

function open() {
  return createSocketBridge({
    connect: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    onLink: (link) => links.push(link),
    now: () => 1000,
    delay: (callback, ms) => timers.push({ callback, ms }),
  });
}

const retry = () => timers.findLast((timer) => timer.ms <= 8000)!;

test('a call made before the socket is open goes out when it opens, and its answer is checked by the schema', async () => {
  const bridge = open();
  const answer = bridge.call('app.open', {});
  expect(sockets[0]!.sent).toEqual([]);
  sockets[0]!.onopen?.();
  expect(sockets[0]!.sent).toEqual([{ kind: 'call', id: 1, name: 'app.open', input: {} }]);
  const output = { app: sampleApp(), snapshot: sampleSnapshot(), alerts: sampleAlerts(), desktop: sampleDesktop() };
  sockets[0]!.receive({ kind: 'answer', id: 1, ok: true, output });
  expect((await answer).snapshot?.desk.deskId).toBe('btc-vest-paradex');
});

test('an answer that does not fit its schema is refused', async () => {
  const bridge = open();
  const answer = bridge.call('app.open', {});
  sockets[0]!.onopen?.();
  sockets[0]!.receive({ kind: 'answer', id: 1, ok: true, output: { app: { version: 1 } } });
  await expect(answer).rejects.toMatchObject({ code: 'HS_IPC_INVALID' });
});

test('an input that does not fit is refused before anything is sent', async () => {
  const bridge = open();
  sockets[0]!.onopen?.();
  await expect(bridge.call('settings.set', { language: 'de' as 'en' })).rejects.toBeInstanceOf(CallError);
  expect(sockets[0]!.sent).toEqual([]);
});

test('an error of main keeps its code and remedy', async () => {
  const bridge = open();
  const answer = bridge.call('engine.command', { name: 'start' });
  sockets[0]!.onopen?.();
  sockets[0]!.receive({ kind: 'answer', id: 1, ok: false, error: { code: 'HS_X', message: 'no', remedy: 'do' } });
  await expect(answer).rejects.toMatchObject({ code: 'HS_X', message: 'no', remedy: 'do' });
});

test('when the link is lost, sent calls fail as unknown, waiting ones go out on the next socket', async () => {
  const bridge = open();
  sockets[0]!.onopen?.();
  const cutOff = bridge.call('engine.command', { name: 'pause' });
  sockets[0]!.close();
  await expect(cutOff).rejects.toMatchObject({ code: 'HS_WINDOW_LINK_LOST' });
  expect(links.at(-1)).toMatchObject({ state: 'lost', attempt: 1, nextTryAt: 1250, lastSeenAt: 1000 });
  const later = bridge.call('engine.command', { name: 'start' });
  retry().callback();
  sockets[1]!.onopen?.();
  expect(sockets[1]!.sent.map((frame) => frame.name)).toEqual(['engine.command']);
  sockets[1]!.receive({ kind: 'answer', id: 2, ok: true, output: {} });
  await expect(later).resolves.toEqual({});
  expect(links.at(-1)).toMatchObject({ state: 'ready', attempt: 0 });
});

test('waits between tries double up to eight seconds', () => {
  open();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    sockets.at(-1)!.close();
    waits.push(retry().ms);
    retry().callback();
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000, 8000]);
});

test('events reach their listeners until these are taken away; bad frames reach nobody', () => {
  const bridge = open();
  const seen: unknown[] = [];
  const stop = bridge.on('app.state', (app) => seen.push(app.version));
  sockets[0]!.onopen?.();
  sockets[0]!.receive({ kind: 'event', name: 'app.state', data: sampleApp() });
  sockets[0]!.receive({ kind: 'event', name: 'app.state', data: { version: 7 } });
  sockets[0]!.receive('not json');
  sockets[0]!.receive({ kind: 'event', name: 'unheard.of', data: {} });
  expect(seen).toEqual(['0.1.0']);
  stop();
  sockets[0]!.receive({ kind: 'event', name: 'app.state', data: sampleApp() });
  expect(seen).toHaveLength(1);
});
