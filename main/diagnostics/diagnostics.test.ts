import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptySnapshot, noticeEvent } from '../../engine/agent/fake-desk.test-helper.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Command, EngineFacts } from '../../engine/protocol/messages.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import { diagnosticsSchema } from '../ipc/desktop-schema.ts';
import { fakeAppState } from '../ipc/fake-handlers.test-helper.ts';
import type { AppState } from '../ipc/schema.ts';
import { createDiagnostics, type DiagnosticsPart } from './diagnostics.ts';
import { openLogs, type Logs } from './logs.ts';
import { createRedactor } from './redact.ts';

const facts: EngineFacts = {
  pid: 77,
  version: '0.1.0',
  node: '24.0.0',
  v8: '13',
  sqlite: '3.53',
  platform: 'linux',
  arch: 'x64',
  uptimeMs: 5_000,
  memoryBytes: 9e7,
  secp256k1: 'native',
};

let folder: string;
let logs: Logs;
let app: AppState;
let snapshot: Snapshot | undefined;
let answer: (command: Command) => Promise<unknown>;
let chosen: string | undefined;
let part: DiagnosticsPart;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-diagnostics-'));
  logs = openLogs(join(folder, 'logs'), createRedactor({ homeFolder: '/home/me' }), 'info');
  app = { ...fakeAppState, engine: { state: 'running', pid: process.pid, restarts: 2 } };
  snapshot = { ...emptySnapshot('one') };
  answer = () => Promise.resolve(facts);
  chosen = join(folder, 'bundle.zip');
  await mkdir(join(folder, 'practice'));
  part = createDiagnostics({
    version: '0.1.0',
    logs,
    dataFolder: join(folder, 'practice'),
    app: () => app,
    snapshot: () => snapshot && { ...snapshot, desk: { ...snapshot.desk, dataFolder: join(folder, 'practice') } },
    settings: () => ({ version: 1, theme: 'dark' }),
    command: (command) => answer(command),
    parts: () => [{ name: 'tray', availability: { state: 'available' } }],
    choosePath: () => Promise.resolve(chosen),
    log: logs.main.write,
  });
});
afterEach(async () => {
  part.stop();
  logs.close();
  await rm(folder, { recursive: true });
});

const read = async () => diagnosticsSchema.parse(await part.handlers['diagnostics.read']({}));

describe('diagnostics', () => {
  it('tells of each process, of the engine’s own facts and of the desktop’s parts', async () => {
    const shown = await read();
    expect(shown.processes).toMatchObject([
      { name: 'main', pid: process.pid, state: 'running' },
      { name: 'engine', pid: process.pid, restarts: 2, uptimeMs: 5_000, memoryBytes: 9e7, loopDelay: { n: 0 } },
      { name: 'venues', state: 'stopped' },
    ]);
    expect(shown.processes[0]?.memoryBytes).toBeGreaterThan(1e6);
    expect(shown.engine).toEqual(facts);
    expect(shown.versions).toMatchObject({ halfspread: '0.1.0', node: process.versions.node });
    expect(shown.parts).toHaveLength(1);
  });

  it('says why the engine’s facts are missing, and tells its memory all the same', async () => {
    answer = () => Promise.reject(new HalfspreadError('HS_LINK_DOWN', 'There is no connection.', 'Wait.'));
    const shown = await read();
    expect(shown.engineProblem).toMatchObject({ code: 'HS_LINK_DOWN' });
    expect(shown.processes[1]?.memoryBytes).toBeGreaterThan(1e6);
  });

  it('counts how long a child has run from when its number was first seen', async () => {
    answer = () => Promise.reject(new Error('no'));
    part.observe();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await read()).processes[1]?.uptimeMs).toBeGreaterThanOrEqual(19);
    app = { ...app, engine: { ...app.engine, pid: process.ppid } };
    expect((await read()).processes[1]?.uptimeMs).toBeLessThan(19);
  });

  it('shows the log of a program, filtered', async () => {
    logs.child('engine', '{"level":"warn","code":"HS_X","message":"late by 5 ms"}');
    logs.child('engine', 'plain');
    const query = { source: 'engine', least: 'warn', contains: 'LATE', limit: 10 } as const;
    expect(await part.handlers['diagnostics.log'](query)).toMatchObject({
      lines: [{ level: 'warn', message: 'late by 5 ms', detail: '{"code":"HS_X"}' }],
      isCut: false,
    });
  });
});

describe('support bundle', () => {
  const hex = randomBytes(32).toString('hex');
  const seed = randomBytes(32).toString('base64');
  const jwt = `eyJhbGciOiJFUzI1NiJ9.${randomBytes(20).toString('base64url')}.${randomBytes(32).toString('base64url')}`;
  const pem = `-----BEGIN PRIVATE KEY-----\n${randomBytes(48).toString('base64')}\n-----END PRIVATE KEY-----`;
  const planted = [hex, seed, jwt, pem.split('\n')[1]!, 'tiny-api-key', 'correct horse', '/home/me'];

  /** Secrets in every source a bundle is made of, also past the writers that would have redacted them. */
  async function plant(): Promise<void> {
    const odd = {
      deep: [{ note: `signed with 0x${hex}`, apiKey: 'tiny-api-key', passphrase: 'correct horse' }],
      path: '/home/me/x',
    };
    await writeFile(
      join(folder, 'logs', 'main.log'),
      `${JSON.stringify({ at: 'x', level: 'info', message: `Bearer ${jwt}`, detail: odd })}\n{"cut ${seed}\n`,
    );
    await writeFile(join(folder, 'logs', 'engine.log'), `${pem}\nplain ${hex}\n`);
    await writeFile(
      join(folder, 'practice', 'journal.jsonl'),
      `${JSON.stringify({ kind: 'order', raw: JSON.stringify(odd) })}\n`,
    );
    await writeFile(
      join(folder, 'practice', 'events.jsonl'),
      `{"event":"ORDER_PLACED","url":"https://x/?token=${seed}"}\n`,
    );
    app = { ...app, engine: { ...app.engine, error: { code: 'HS_X', message: `bad key ${hex}`, remedy: '' } } };
    const notice = noticeEvent(`at /home/me: passphrase: correct horse, ${jwt}`);
    if (snapshot && notice.type === 'notice') snapshot = { ...snapshot, notices: [notice.notice] };
    answer = () => Promise.reject(new HalfspreadError('HS_X', `refused ${seed}`, ''));
  }

  it('holds none of the secrets planted in its sources, neither shown nor saved, and saves what it showed', async () => {
    await plant();
    const { id, files } = await part.handlers['bundle.prepare']({});
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['README.txt', 'versions.json', 'desk.json', 'journal-last-lines.jsonl', 'logs/main.log']),
    );
    const shown = new Map<string, string>();
    for (const { name, bytes } of files) {
      const { text } = await part.handlers['bundle.file']({ id, name });
      expect(Buffer.byteLength(text)).toBe(bytes);
      shown.set(name, text);
    }
    // Written after the preview: not in the archive.
    await writeFile(join(folder, 'logs', 'main.log'), 'later\n', { flag: 'a' });
    expect(await part.handlers['bundle.save']({ id })).toEqual({ path: chosen });
    expect((await stat(chosen!)).mode & 0o777).toBe(0o600);
    const saved = unzipSync(await readFile(chosen!));
    expect(Object.keys(saved).sort()).toEqual([...shown.keys()].sort());
    for (const [name, bytes] of Object.entries(saved)) {
      const text = strFromU8(bytes);
      expect(text).toBe(shown.get(name));
      for (const secret of planted) expect(text, name).not.toContain(secret);
    }
    expect(shown.get('logs/main.log')).toContain('"message":"Bearer [secret]"');
    expect(shown.get('journal-last-lines.jsonl')).toContain('"kind":"order"');
  });

  it('says what is missing instead of failing: no engine, no journal', async () => {
    snapshot = undefined;
    answer = () => Promise.reject(new Error('no'));
    const { id } = await part.handlers['bundle.prepare']({});
    expect((await part.handlers['bundle.file']({ id, name: 'desk.json' })).text).toContain('told nothing yet');
    expect((await part.handlers['bundle.file']({ id, name: 'journal-last-lines.jsonl' })).text).toBe('');
  });

  it('refuses one that is gone, names that are not in it, and a place it cannot write to', async () => {
    const first = await part.handlers['bundle.prepare']({});
    const { id } = await part.handlers['bundle.prepare']({});
    const gone = { code: 'HS_BUNDLE_GONE' };
    expect(() => part.handlers['bundle.file']({ id: first.id, name: 'README.txt' })).toThrow(
      expect.objectContaining(gone),
    );
    expect(() => part.handlers['bundle.file']({ id, name: '../../etc/passwd' })).toThrow(expect.objectContaining(gone));
    chosen = join(folder, 'missing', 'bundle.zip');
    await expect(part.handlers['bundle.save']({ id })).rejects.toMatchObject({ code: 'HS_BUNDLE_SAVE' });
    chosen = undefined;
    expect(await part.handlers['bundle.save']({ id })).toEqual({});
  });
});
