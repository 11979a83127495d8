/** The programs themselves, started as Electron's utility processes start them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listPractice } from '../../engines/catalogue.ts';
import { createLocalDesk } from '../../engines/local-desk.ts';
import { findPrograms } from '../../engines/programs.ts';
import { NodeUtilityProcess } from './node-utility-process.test-helper.ts';
import { createUtilityLauncher } from './utility-launcher.ts';

const repository = join(import.meta.dirname, '../../..');
// The sources: what is built may be older than they are.
const programs = {
  ...findPrograms(repository),
  engine: join(repository, 'engine/main.ts'),
  practice: join(repository, 'engine/practice/main.ts'),
};

let folder: string;
let electron: NodeUtilityProcess;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-utility-'));
  electron = new NodeUtilityProcess();
});
afterEach(() => rm(folder, { recursive: true }));

describe('as utility processes', () => {
  it('the practice venues list what they can play and end, though nothing else would end them', async () => {
    const { tapes } = await listPractice(createUtilityLauncher(electron), programs.practice);
    expect(tapes.map(({ id }) => id)).toContain('btc-usdm-coinm');
    expect(() => process.kill(electron.pids[0]!, 0)).toThrow();
  });

  it(
    'venues and engine come up, take their hand-over as a message, and end when asked',
    { timeout: 60_000 },
    async () => {
      const lines: string[] = [];
      const desk = createLocalDesk({
        programs,
        launcher: createUtilityLauncher(electron),
        pipePath: join(folder, 'engine.sock'),
        onChange: () => undefined,
        onSnapshot: () => undefined,
        onEvent: () => undefined,
        onLog: (_process, line) => lines.push(line),
      });
      desk.start({
        mode: 'practice',
        choice: { tape: 'btc-usdm-coinm', network: 'none', fees: 'zero' },
        dataFolder: join(folder, 'data'),
      });
      await expect
        .poll(() => [desk.states().link.state, ...lines].slice(0, 3), { timeout: 45_000 })
        .toEqual(expect.arrayContaining(['ready']));
      expect(electron.pids).toHaveLength(2);
      await desk.stop();
      for (const pid of electron.pids) expect(() => process.kill(pid, 0)).toThrow();
    },
  );
});
