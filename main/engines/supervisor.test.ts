import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessState } from '../ipc/schema.ts';
import { launchNodeProcess } from '../shell/browser/node-launcher.ts';
import { supervise, type Supervisor } from './supervisor.ts';

let folder: string;
let supervisor: Supervisor | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-child-'));
});
afterEach(async () => {
  await supervisor?.stop();
  await rm(folder, { recursive: true });
});

/** Supervises a small script and resolves once its state is `until`. */
async function supervised(
  source: string,
  until: ProcessState['state'],
  bounds: { readyTimeoutMs?: number; stopTimeoutMs?: number; handover?: unknown } = {},
) {
  const script = join(folder, 'child.mjs');
  await writeFile(script, source);
  const seen: string[] = [];
  const log: string[] = [];
  const readyLines: string[] = [];
  const reached = Promise.withResolvers<ProcessState>();
  supervisor = supervise<string>({
    title: 'The child',
    launcher: launchNodeProcess,
    spec: () => ({ name: 'child', script, args: [], handover: bounds.handover }),
    parseReady: (line) => {
      if (!line.startsWith('ready')) throw new Error('not ready');
      return line;
    },
    onReady: (line) => readyLines.push(line),
    onGone: () => seen.push('gone'),
    onState: (state) => {
      if (seen.at(-1) !== state.state) seen.push(state.state);
      if (state.state === until) reached.resolve(state);
    },
    onLog: (line) => log.push(line),
    policy: { backoff: { baseMs: 10, maxMs: 20 }, maxAttempts: 3, stableAfterMs: 60_000, waitMs: 10, mostWaits: 3 },
    readyTimeoutMs: bounds.readyTimeoutMs ?? 10_000,
    stopTimeoutMs: bounds.stopTimeoutMs ?? 5_000,
  });
  supervisor.start();
  return { state: await reached.promise, seen, log, readyLines, supervisor };
}

const STAY = 'setInterval(() => {}, 1000);';

describe('supervisor', () => {
  it('gives the child its one line on descriptor 3 and keeps its other output as log', async () => {
    const child = await supervised(
      `import { readFileSync } from 'node:fs';
       console.log('starting up'); console.error('a log line');
       console.log('ready ' + JSON.parse(readFileSync(3, 'utf8')).secret); ${STAY}`,
      'running',
      { handover: { secret: 'abc' } },
    );
    expect(child.readyLines).toEqual(['ready abc']);
    // Standard error is another stream: it may arrive after the ready line.
    await expect.poll(() => child.log.join('\n'), { timeout: 15_000 }).toContain('a log line');
    expect(child.log.join('\n')).toContain('starting up');
  });

  it('gives up after the cap with the last words of the child', async () => {
    const { state, seen } = await supervised(`console.error('no such tape'); process.exit(7)`, 'blocked');
    expect(state.error).toMatchObject({
      code: 'HS_PROCESS_START',
      message: expect.stringContaining('code 7: no such tape'),
    });
    expect(seen).toEqual(['starting', 'restarting', 'starting', 'restarting', 'starting', 'blocked']);
  });

  it('says so when the script itself cannot be run', async () => {
    const { state } = await supervised('this is no script', 'blocked');
    expect(state.error?.code).toBe('HS_PROCESS_START');
  });

  it('ends a child that does not get ready in time', async () => {
    const { state } = await supervised(STAY, 'blocked', { readyTimeoutMs: 200 });
    expect(state.error?.message).toContain('not ready within 0.2 s');
  });

  it('ends a child that ignores SIGTERM, and waits for its end', async () => {
    const child = await supervised(`process.on('SIGTERM', () => {}); console.log('ready'); ${STAY}`, 'running', {
      stopTimeoutMs: 300,
    });
    const { pid } = child.supervisor.state();
    await child.supervisor.stop();
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
    expect(child.seen).toEqual(['starting', 'running', 'stopping', 'gone', 'stopped']);
  });

  it('waits for a child that needs a moment to stop', async () => {
    const child = await supervised(
      `process.on('SIGTERM', () => setTimeout(() => process.exit(0), 300)); console.log('ready'); ${STAY}`,
      'running',
    );
    const startedAtMs = performance.now();
    await child.supervisor.stop();
    expect(performance.now() - startedAtMs).toBeGreaterThan(250);
  });
});
