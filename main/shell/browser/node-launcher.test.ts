import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Generous: the machine may be busy with other tests. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 15_000 });

const STARTS_VENUES = `
  import { launchNodeProcess } from ${JSON.stringify(join(import.meta.dirname, 'node-launcher.ts'))};
  const child = launchNodeProcess(
    {
      name: 'venues',
      script: ${JSON.stringify(join(import.meta.dirname, '../../engines/fake-practice.test-helper.ts'))},
      args: ['--tape', 'good', '--json'],
      endWithInputArg: '--exit-with-parent',
    },
    { onStdoutLine: () => console.log(child.pid), onStderrLine: console.error, onExit: () => {} },
  );
`;

it('a child ends when the process that started it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hs-launcher-'));
  const script = join(folder, 'parent.ts');
  await writeFile(script, STARTS_VENUES);
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
  expect(process.kill(pid, 0)).toBe(true);
  parent.kill('SIGKILL');
  const isGone = () => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  };
  await eventually(isGone).toBe(true);
  await rm(folder, { recursive: true });
});
