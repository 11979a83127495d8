import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChildLog } from './child-log.ts';
import { logLevelOf, openLog, type LogRecord } from './log.ts';
import { readLog } from './log-reader.ts';
import { createRedactor } from './redact.ts';
import { openRotatingFile } from './rotating-file.ts';

const redactor = createRedactor({ homeFolder: '/home/me' });
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-log-'));
  path = join(folder, 'logs', 'main.log');
});
afterEach(() => rm(folder, { recursive: true }));

const lines = async (file = path) => (await readFile(file, 'utf8')).split('\n').filter(Boolean);
const everything = { least: 'debug', contains: '', limit: 100 } as const;

describe('rotating file', () => {
  it('moves on while it is written, keeps a bounded number, loses no line in between', async () => {
    const file = openRotatingFile({ path, maxBytes: 100, keep: 2, onProblem: () => undefined });
    for (let at = 10; at < 60; at++) file.write(`line ${at}`);
    file.close();
    expect((await readdir(join(folder, 'logs'))).sort()).toEqual(['main.log', 'main.log.1', 'main.log.2']);
    const kept = [...(await lines(`${path}.2`)), ...(await lines(`${path}.1`)), ...(await lines())];
    expect(kept).toEqual(Array.from(kept, (_line, at) => `line ${60 - kept.length + at}`));
    expect(kept.length).toBeGreaterThan(24);
    for (const name of await readdir(join(folder, 'logs'))) {
      const { size, mode } = await stat(join(folder, 'logs', name));
      expect(size).toBeLessThanOrEqual(100);
      expect(mode & 0o777).toBe(0o600);
    }
  });

  it('goes on in a file of an earlier start and closes it to others', async () => {
    await mkdir(join(folder, 'logs'));
    await writeFile(path, 'old\n', { mode: 0o644 });
    const file = openRotatingFile({ path, maxBytes: 1_000, keep: 1, onProblem: () => undefined });
    file.write('new');
    file.close();
    expect(await lines()).toEqual(['old', 'new']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('says once that it cannot be written, and never throws', async () => {
    await writeFile(join(folder, 'logs'), 'a file where the folder should be');
    const problems: string[] = [];
    const file = openRotatingFile({ path, maxBytes: 100, keep: 1, onProblem: (message) => problems.push(message) });
    file.write('one');
    file.write('two');
    file.close();
    expect(problems).toEqual([expect.stringContaining(path)]);
  });
});

describe('log', () => {
  it('writes redacted records from its level on; what is too long is cut after it was redacted', async () => {
    const key = 'f0'.repeat(32);
    const log = openLog({ path, redactor });
    log.write({ level: 'debug', message: 'not this' });
    log.write({ level: 'warn', message: `at /home/me/x with ${key}`, detail: { apiKey: 'tiny', code: 'HS_X' } });
    log.write({ level: 'error', message: `${'x '.repeat(8_180)}${key}`, detail: 'long '.repeat(9_000) });
    log.close();
    const [first, second, ...more] = (await lines()).map((line) => JSON.parse(line) as LogRecord);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      level: 'warn',
      message: 'at ~/x with [hex 64]',
      detail: { apiKey: '[secret]', code: 'HS_X' },
    });
    expect(second?.detail).toBe('left out: too long');
    expect(await readFile(path, 'utf8')).not.toContain('f0f0f0f0');
  });

  it('takes its level from the environment, and nothing that is no level', () => {
    expect([logLevelOf({ HALFSPREAD_LOG: 'debug' }), logLevelOf({ HALFSPREAD_LOG: 'loud' }), logLevelOf({})]).toEqual([
      'debug',
      'info',
      'info',
    ]);
  });
});

describe('child log', () => {
  it('keeps level and detail of records, text of the rest, and nothing of a key of several lines', async () => {
    const log = openLog({ path, redactor });
    const write = createChildLog(log);
    write('{"level":"error","code":"HS_STOP_FAILED","message":"it did not stop"}');
    write('{"code":"HS_TRADE_OPENED","parameters":{"id":4}}');
    write('{"audit":{"event":"opened","detail":"operate"}}');
    write('plain words');
    write('{ no JSON');
    for (const line of ['-----BEGIN PRIVATE KEY-----', 'c2hvcnQ=', 'dGFpbA==', '-----END PRIVATE KEY-----', 'after'])
      write(line);
    log.close();
    expect((await lines()).map((line) => JSON.parse(line) as LogRecord)).toMatchObject([
      { level: 'error', message: 'it did not stop', detail: { code: 'HS_STOP_FAILED' } },
      { level: 'info', message: 'HS_TRADE_OPENED', detail: { parameters: { id: 4 } } },
      { message: 'audit: opened', detail: { audit: { detail: 'operate' } } },
      { message: 'plain words' },
      { message: '{ no JSON' },
      { message: '[pem]' },
      { message: 'after' },
    ]);
  });
});

describe('log reader', () => {
  beforeEach(async () => {
    const log = openLog({ path, redactor });
    for (let at = 0; at < 6; at++)
      log.write({ level: at % 2 ? 'warn' : 'info', message: `Record ${at}`, detail: { at } });
    log.close();
  });
  const messages = async (query: Partial<Parameters<typeof readLog>[1]>) =>
    (await readLog(path, { ...everything, ...query })).lines.map(({ message }) => message);

  it('filters by level and by words of text and detail, newest last', async () => {
    expect(await messages({ least: 'warn' })).toEqual(['Record 1', 'Record 3', 'Record 5']);
    expect(await messages({ contains: 'record "at":4' })).toEqual(['Record 4']);
    expect(await messages({ contains: 'nothing' })).toEqual([]);
    const log = openLog({ path, redactor });
    log.write({ level: 'info', message: 'Without detail' });
    log.close();
    expect(await messages({ contains: 'without' })).toEqual(['Without detail']);
  });

  it('says when older ones were left out', async () => {
    expect(await readLog(path, { ...everything, limit: 2 })).toMatchObject({
      isCut: true,
      lines: [{ message: 'Record 4' }, { message: 'Record 5' }],
    });
  });

  it('reads around a line a crash cut, and an absent file as empty', async () => {
    await writeFile(path, '{"at":"2026-01-02T00:00:00.000Z","level":"info","mess', { flag: 'a' });
    expect((await messages({})).at(-1)).toBe('{"at":"2026-01-02T00:00:00.000Z","level":"info","mess');
    expect((await readLog(join(folder, 'none.log'), everything)).lines).toEqual([]);
  });

  it('says why a file cannot be read', async () => {
    await expect(readLog(folder, everything)).rejects.toThrow('EISDIR');
    await chmod(folder, 0o700);
  });
});
