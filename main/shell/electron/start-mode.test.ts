import { describe, expect, it } from 'vitest';
import { startMode, type StartMode } from './start-mode.ts';

const packaged = (...args: string[]): StartMode => start(['/opt/Halfspread/halfspread', ...args], true);
const unpackaged = (...args: string[]): StartMode => start(['electron', '/halfspread', ...args], false);

function start(argv: string[], isPackaged: boolean): StartMode {
  const switches = argv.map((arg) => arg.replace(/^--/, '').split('=')[0]);
  return startMode({ argv, isPackaged, hasSwitch: (name) => switches.includes(name) });
}

describe('a start of the program', () => {
  it('is the desktop’s, whatever links come with it', () => {
    expect(packaged()).toEqual({ kind: 'desktop' });
    expect(packaged('halfspread://trades')).toEqual({ kind: 'desktop' });
    expect(unpackaged()).toEqual({ kind: 'desktop' });
  });

  it('is the start script’s question', () => {
    expect(unpackaged('--probe')).toEqual({ kind: 'probe' });
  });

  it('is the command line’s with --cli first, packaged or not; its own arguments are its own', () => {
    expect(packaged('--cli', 'status', '--json')).toEqual({ kind: 'cli' });
    expect(packaged('--cli', 'status', '--remote-debugging-port=1')).toEqual({ kind: 'cli' });
    // What an AppImage's launcher puts first where the system has no user namespaces: there is no window to sandbox.
    expect(packaged('--no-sandbox', '--cli', 'status')).toEqual({ kind: 'cli' });
    expect(unpackaged('--cli', '--probe')).toEqual({ kind: 'cli' });
    expect(packaged('halfspread://x', '--cli')).toEqual({ kind: 'desktop' });
  });

  it.each([
    '--no-sandbox',
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--disable-web-security',
    '--js-flags=x',
  ])('is refused in a package with %s, and says what to do', (arg) => {
    expect(packaged(arg)).toMatchObject({
      kind: 'refused',
      error: { code: 'HS_SHELL_SWITCH', message: expect.stringContaining(arg.split('=')[0]!) },
    });
    // In development they are tools.
    expect(unpackaged(arg)).toEqual({ kind: 'desktop' });
  });

  it('names the package that needs no switch where the sandbox was switched off', () => {
    expect(packaged('--no-sandbox')).toMatchObject({ error: { remedy: expect.stringContaining('.deb') } });
  });
});
