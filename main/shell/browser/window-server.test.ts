import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { createFakeHandlers, fakeAppState, type FakeHandlers } from '../../ipc/fake-handlers.test-helper.ts';
import { createIpcServer } from '../../ipc/server.ts';
import type { PendingSecret } from '../../../engine/protocol/secret-prompt.ts';
import type { SecretGate } from './secret-prompt.ts';
import { startWindowServer, type WindowServer } from './window-server.ts';

let folder: string;
let server: WindowServer;
let handlers: FakeHandlers;
/** Secrets asked for and handed over. */
let gate: SecretGate & { prompt: PendingSecret['prompt']; handed: string[] };

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A request with headers a browser would not let a page choose (Host, Cookie, Origin). */
function get(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('error', reject).end();
  });
}

async function cookieByLink(link = server.newLink()): Promise<string> {
  const opened = await get(link);
  expect(opened.status).toBe(200);
  return opened.headers['set-cookie']![0]!.split(';')[0]!;
}

/** Resolves with the open socket, or rejects with the refusal. */
function connect(options: ClientOptions): Promise<WebSocket> {
  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/ipc`, options);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

function nextFrame(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(data.toString()))));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-window-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>the window');
  await writeFile(join(folder, 'assets', 'index-abc.js'), 'export {}');
  handlers = createFakeHandlers();
  gate = {
    prompt: undefined,
    handed: [],
    pending: () => (gate.prompt ? { prompt: gate.prompt } : {}),
    hand(_id, secret) {
      gate.handed.push(secret);
      return {};
    },
  };
  server = await startWindowServer(folder, createIpcServer(handlers), gate);
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

describe('one-time link', () => {
  it('is exchanged for a cookie no script can read and no other site can send', async () => {
    const opened = await get(server.newLink());
    expect(opened.headers['set-cookie']).toEqual([
      expect.stringMatching(/^halfspread_\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/),
    ]);
    expect(opened.body).toContain('http-equiv="refresh" content="0; url=/"');
    const cookie = opened.headers['set-cookie']![0]!.split(';')[0]!;
    expect(await get(`${server.origin}/`, { cookie })).toMatchObject({
      status: 200,
      body: '<!doctype html>the window',
    });
  });

  it('says in both languages that it is spent, and how to get another', async () => {
    const link = server.newLink();
    const cookie = await cookieByLink(link);
    for (const headers of [{}, { cookie }] as Record<string, string>[]) {
      const again = await get(link, headers);
      expect(again.status).toBe(410);
      expect(again.headers['set-cookie']).toBeUndefined();
      expect(again.body).toContain('this one is spent');
      expect(again.body).toContain('celui-ci est épuisé');
      expect(again.body).toContain('npm run -s halfspread -- open');
    }
  });

  it('that was never issued opens nothing; a preview (HEAD) does not spend one', async () => {
    expect((await get(`${server.origin}/open/${'a'.repeat(43)}`)).status).toBe(410);
    const link = server.newLink();
    expect((await get(link, {}, 'HEAD')).status).toBe(405);
    await cookieByLink(link);
  });

  it('is given to who knows the secret of the runtime file, and not to a page', async () => {
    const authorization = `Bearer ${server.linkSecret}`;
    const link = (headers: Record<string, string>) => get(`${server.origin}/link`, headers, 'POST');
    expect((await link({})).status).toBe(403);
    expect((await link({ authorization: 'Bearer guess' })).status).toBe(403);
    expect((await link({ authorization, origin: server.origin })).status).toBe(403);
    const given = await link({ authorization });
    await cookieByLink((JSON.parse(given.body) as { link: string }).link);
  });
});

describe('secrets', () => {
  const id = '00000000-0000-4000-8000-000000000001';
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${server.origin}/secret`, { method: 'POST', headers, body });
  const authorization = () => `Bearer ${server.linkSecret}`;

  it('are told of and taken from who knows the secret of the runtime file', async () => {
    gate.prompt = { id, title: 'A key', detail: 'For a test.', until: 1 };
    const asked = await get(`${server.origin}/secret`, { authorization: authorization() });
    expect(JSON.parse(asked.body)).toEqual({ prompt: gate.prompt });
    const taken = await post({ authorization: authorization() }, JSON.stringify({ id, secret: 'handed over' }));
    expect(await taken.json()).toEqual({});
    expect(gate.handed).toEqual(['handed over']);
  });

  it('are refused from everybody else: without it, with a guess, from the window’s own page, from another', async () => {
    const cookie = await cookieByLink();
    const body = JSON.stringify({ id, secret: 'of an attacker' });
    const refused: Record<string, string>[] = [
      {},
      { cookie },
      { authorization: 'Bearer guess' },
      { authorization: authorization(), origin: server.origin },
      { authorization: authorization(), origin: 'http://evil.example' },
    ];
    for (const headers of refused) expect((await post(headers, body)).status).toBe(403);
    expect((await get(`${server.origin}/secret`, { cookie })).status).toBe(403);
    expect(
      (await get(`${server.origin}/secret`, { authorization: authorization(), host: 'evil.example' })).status,
    ).toBe(421);
    expect(gate.handed).toEqual([]);
  });

  it('are not taken in another form, or longer than any', async () => {
    const headers = { authorization: authorization() };
    for (const body of [
      '',
      'not JSON',
      '{}',
      JSON.stringify({ id, secret: 1 }),
      JSON.stringify({ id, secret: 'x', more: 1 }),
    ]) {
      expect((await post(headers, body)).status).toBe(400);
    }
    const status = await post(headers, JSON.stringify({ id, secret: 'x'.repeat(100_000) })).then(
      (answer) => answer.status,
      () => 'cut off',
    );
    expect([400, 'cut off']).toContain(status);
    expect(gate.handed).toEqual([]);
  });
});

describe('files', () => {
  it('are served with a strict policy; the page is never kept, hashed assets are', async () => {
    const cookie = await cookieByLink();
    const index = await get(`${server.origin}/`, { cookie });
    expect(index.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const policy = index.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toContain('unsafe');
    const asset = await get(`${server.origin}/assets/index-abc.js`, { cookie });
    expect(asset.headers).toMatchObject({
      'cache-control': 'private, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    });
  });

  it('need the cookie', async () => {
    const cookies = [{}, { cookie: 'halfspread_1=x' }, { cookie: `${await cookieByLink()}x` }];
    for (const headers of cookies as Record<string, string>[]) {
      const refused = await get(`${server.origin}/`, headers);
      expect(refused.status).toBe(401);
      expect(refused.body).not.toContain('the window<');
    }
  });

  it('outside the built folder are not reached', async () => {
    const cookie = await cookieByLink();
    for (const path of ['/../secret.html', '/%2e%2e/secret.html', '/assets/..%2f..%2fetc/passwd', '//etc/passwd']) {
      expect((await get(server.origin + path, { cookie })).status).toBe(404);
    }
  });

  it('are not answered to another Host, as a rebound name sends', async () => {
    const cookie = await cookieByLink();
    for (const host of ['evil.example', 'evil.example:80', `127.0.0.1.evil.example:1`, '127.0.0.1']) {
      expect((await get(`${server.origin}/`, { cookie, host })).status).toBe(421);
    }
    expect((await get(server.newLink(), { host: 'evil.example' })).status).toBe(421);
  });

  it('that are not built are named as missing', async () => {
    const empty = await startWindowServer(join(folder, 'nothing'), createIpcServer(handlers), gate);
    const opened = await get(empty.newLink());
    const cookie = opened.headers['set-cookie']![0]!.split(';')[0]!;
    const page = await get(`${empty.origin}/`, { cookie });
    await empty.stop();
    expect(page.status).toBe(503);
    expect(page.body).toContain('npm run build');
  });
});

describe('the window’s WebSocket', () => {
  it('answers calls and passes events on', async () => {
    const socket = await connect({ origin: server.origin, headers: { cookie: await cookieByLink() } });
    socket.send(JSON.stringify({ kind: 'call', id: 1, name: 'engine.command', input: { name: 'start' } }));
    expect(await nextFrame(socket)).toEqual({ kind: 'answer', id: 1, ok: true, output: { done: 'start' } });
    socket.send(JSON.stringify({ kind: 'call', id: 2, name: 'nothing', input: {} }));
    expect(await nextFrame(socket)).toMatchObject({
      kind: 'answer',
      id: 2,
      ok: false,
      error: { code: 'HS_IPC_INVALID' },
    });
    server.emit('app.state', fakeAppState);
    expect(await nextFrame(socket)).toEqual({ kind: 'event', name: 'app.state', data: fakeAppState });
    socket.close();
  });

  it('is refused without the cookie, to the page of another origin, without an origin, and to another Host', async () => {
    const cookie = await cookieByLink();
    const { origin } = server;
    const port = new URL(origin).port;
    const refused: ClientOptions[] = [
      { origin },
      { headers: { cookie } },
      { origin: 'http://evil.example', headers: { cookie } },
      { origin: 'null', headers: { cookie } },
      { origin: `http://127.0.0.1:${Number(port) + 1}`, headers: { cookie } },
      { origin: `http://localhost:${port}`, headers: { cookie } },
      { origin: 'http://evil.example', headers: { cookie, host: 'evil.example' } },
    ];
    for (const options of refused) {
      await expect(connect(options)).rejects.toThrow('403');
    }
    expect(handlers.commands).toEqual([]);
  });

  it.each<[string, string | Buffer]>([
    ['no JSON', 'start'],
    ['an unknown key', '{"kind":"call","id":1,"name":"app.open","input":{},"more":1}'],
    ['duplicate keys', '{"kind":"call","id":1,"id":2,"name":"app.open","input":{}}'],
    ['a binary frame', Buffer.from('{"kind":"call","id":1,"name":"app.open","input":{}}')],
    ['more than 256 KiB', `{"kind":"call","id":1,"name":"${'x'.repeat(300_000)}","input":{}}`],
  ])('is closed on %s, and the server goes on', async (_what, frame) => {
    const cookie = await cookieByLink();
    const socket = await connect({ origin: server.origin, headers: { cookie } });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.send(frame);
    expect([4400, 1009]).toContain(await closed);
    expect((await get(`${server.origin}/`, { cookie })).status).toBe(200);
  });
});
