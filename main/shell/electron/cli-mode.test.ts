import { describe, expect, it } from 'vitest';
import { runCli } from './cli-mode.ts';

function fakeProcess(exitCode?: number) {
  const happened: string[] = [];
  const stream = (name: string) => ({
    write(text: string, done: () => void) {
      if (text !== '') happened.push(`${name}: ${text}`);
      // Later, as a pipe does it.
      setImmediate(() => {
        if (text === '') happened.push(`${name} flushed`);
        done();
      });
    },
  });
  return {
    happened,
    exitCode,
    stdout: stream('out'),
    stderr: stream('err'),
    exit: (code: number) => void happened.push(`exit ${code}`),
  };
}

describe('the command line inside the desktop program', () => {
  it.each([
    [undefined, 0],
    [3, 3],
  ])('ends with its code (%s -> %s) once its output has left', async (set, expected) => {
    const own = fakeProcess();
    await runCli(own, () => Promise.resolve(void (own.exitCode = set)));
    expect(own.happened).toEqual(['out flushed', 'err flushed', `exit ${expected}`]);
  });

  it('says what to do when it is not there', async () => {
    const own = fakeProcess();
    await runCli(own, () => Promise.reject(new Error('Cannot find module cli.mjs')));
    expect(own.happened[0]).toMatch(/^err: HS_CLI_MISSING: [\s\S]*npm run build\.\n[\s\S]*cli\.mjs/);
    expect(own.happened.at(-1)).toBe('exit 1');
  });
});
