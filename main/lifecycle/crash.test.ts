import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeCrash, writeCrash } from './crash-file.ts';
import { guardAgainstCrash, offersNewStart } from './crash-guard.ts';

const error = { code: 'HS_MAIN_CRASHED', message: 'It ended.', remedy: 'Start it again.' };

describe('crash guard', () => {
  let source: EventEmitter;
  let done: string[];
  let ended: PromiseWithResolvers<string>;

  beforeEach(() => {
    source = new EventEmitter();
    done = [];
    ended = Promise.withResolvers();
  });
  function guard(stop: () => Promise<void>, stopBoundMs = 10_000): void {
    guardAgainstCrash({
      source,
      log: ({ message }) => done.push(`log ${message}`),
      remember: ({ code }) => void done.push(`remember ${code}`),
      stop: () => {
        done.push('stop');
        return stop();
      },
      end: ({ message }) => {
        done.push(`end ${message}`);
        ended.resolve(message);
      },
      stopBoundMs,
    });
  }

  it('logs, keeps, ends the children and then itself, whatever else is thrown meanwhile', async () => {
    let childrenEnd = (): void => undefined;
    guard(() => new Promise((resolve) => (childrenEnd = resolve)));
    source.emit('uncaughtException', new Error('boom'));
    source.emit('unhandledRejection', new Error('again'));
    expect(done.map((each) => each.split(' ')[0])).toEqual(['log', 'remember', 'stop', 'log']);
    childrenEnd();
    await ended.promise;
    expect(done.at(-1)).toMatch(/^end .*exception nobody caught \(boom\)/);
    expect(done.filter((each) => each === 'stop').length).toBe(1);
  });

  it.each([
    ['fail to end', () => Promise.reject(new Error('no'))],
    ['do not end in time', () => new Promise<void>(() => undefined)],
  ])('ends also when the children %s', async (_what, stop) => {
    guard(stop, 20);
    source.emit('unhandledRejection', 'a reason that is no error');
    await ended.promise;
    expect(done.at(-1)).toContain('a reason that is no error');
  });

  it('offers a new start once, and again only after a run that lasted', () => {
    expect(offersNewStart({ isSecondTry: false, ranMs: 10 })).toBe(true);
    expect(offersNewStart({ isSecondTry: true, ranMs: 10 })).toBe(false);
    expect(offersNewStart({ isSecondTry: true, ranMs: 60_000 })).toBe(true);
  });
});

it('a real process that throws ends with its own code and leaves word for the next start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hs-crash-'));
  const script = join(folder, 'main.mts');
  const from = (name: string) => JSON.stringify(join(import.meta.dirname, name));
  await writeFile(
    script,
    `import { guardAgainstCrash, EXIT_CRASHED } from ${from('crash-guard.ts')};
     import { writeCrash } from ${from('crash-file.ts')};
     guardAgainstCrash({
       source: process, log: () => {}, stop: async () => console.log('children ended'),
       remember: (error) => writeCrash(${JSON.stringify(folder)}, 5, error),
       end: () => process.exit(EXIT_CRASHED),
     });
     setTimeout(() => { Promise.reject(new Error('boom')); }, 1);
     setInterval(() => {}, 1000);`,
  );
  const run = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 15_000 });
  expect([run.status, run.stdout.trim()]).toEqual([70, 'children ended']);
  expect(await takeCrash(folder)).toMatchObject({
    isNew: true,
    crash: { error: { message: expect.stringContaining('boom') } },
  });
  await rm(folder, { recursive: true });
});

describe('crash file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hs-crash-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is told as new once and known afterwards, until the next one', async () => {
    expect(await takeCrash(folder)).toBeUndefined();
    writeCrash(join(folder, 'logs'), 5, error);
    expect((await stat(join(folder, 'logs', 'crash.json'))).mode & 0o777).toBe(0o600);
    expect(await takeCrash(join(folder, 'logs'))).toEqual({ crash: { at: 5, error }, isNew: true });
    expect(await takeCrash(join(folder, 'logs'))).toEqual({ crash: { at: 5, error }, isNew: false });
    writeCrash(join(folder, 'logs'), 9, error);
    expect(await takeCrash(join(folder, 'logs'))).toMatchObject({ crash: { at: 9 }, isNew: true });
  });

  it('that cannot be read is in nobody’s way', async () => {
    await writeFile(join(folder, 'crash.json'), '{"at":');
    expect(await takeCrash(folder)).toBeUndefined();
    expect(await takeCrash(folder)).toBeUndefined();
  });
});
