import { describe, expect, it } from 'vitest';
import { selfCommand, userArguments } from './self.ts';

describe('the command line', () => {
  it.each([
    ['a script of Node', ['node', '/dist/cli.mjs', 'run', '--json'], ['/dist/cli.mjs']],
    ['the packaged program', ['/opt/halfspread', '--cli', 'run', '--json'], ['--cli']],
    [
      'Electron with the program’s folder',
      ['electron', '/halfspread', '--cli', 'run', '--json'],
      ['/halfspread', '--cli'],
    ],
    ['the packaged program with a switch before', ['halfspread', '--x', '--cli', 'run', '--json'], ['--x', '--cli']],
  ])('as %s knows what was typed, and how to start itself again', (_what, argv, args) => {
    expect(userArguments(argv)).toEqual(['run', '--json']);
    expect(selfCommand(argv, argv[0])).toEqual({ program: argv[0], args });
  });

  it('takes what follows a double dash, which Electron on Windows wants before addresses', () => {
    expect(userArguments(['halfspread', '--cli', '--', 'run', '--fees', 'custom:1:2'])).toEqual([
      'run',
      '--fees',
      'custom:1:2',
    ]);
  });

  it('takes nothing typed later for the mark', () => {
    expect(userArguments(['node', 'cli.mjs', 'trades', '--cli'])).toEqual(['trades', '--cli']);
    expect(selfCommand(['node', 'cli.mjs', 'trades', '--cli'], 'node').args).toEqual(['cli.mjs']);
  });
});
