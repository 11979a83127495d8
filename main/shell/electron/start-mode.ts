/** What this start of the program is for, read off its command line before Electron is ready. Pure. */
import type { WireError } from '../../../engine/protocol/errors.ts';

export type StartMode =
  /** The start script asks whether Electron runs here. */
  | { kind: 'probe' }
  /** `Halfspread --cli ...`: the command line, no window. */
  | { kind: 'cli' }
  | { kind: 'desktop' }
  | { kind: 'refused'; error: WireError };

export interface StartFacts {
  argv: readonly string[];
  isPackaged: boolean;
  /** Whether Chromium was given this switch, without the dashes. */
  hasSwitch(name: string): boolean;
}

/**
 * Switches of Chromium that take a wall away or open the window to other programs. In development they are tools; the
 * packaged program refuses to start with them. Node's own (`--inspect`) are fused off.
 */
const REFUSED_SWITCHES = [
  'no-sandbox',
  'disable-web-security',
  'disable-site-isolation-trials',
  'allow-file-access-from-files',
  'ignore-certificate-errors',
  'remote-debugging-port',
  'remote-debugging-pipe',
  'load-extension',
  'js-flags',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
];

export function startMode({ argv, isPackaged, hasSwitch }: StartFacts): StartMode {
  const args = argv.slice(isPackaged ? 1 : 2);
  const cliAt = args.indexOf('--cli');
  if (cliAt >= 0 && args.slice(0, cliAt).every((arg) => arg.startsWith('--'))) return { kind: 'cli' };
  const refused = isPackaged ? REFUSED_SWITCHES.find(hasSwitch) : undefined;
  if (refused !== undefined) return { kind: 'refused', error: refusal(refused) };
  return args.includes('--probe') ? { kind: 'probe' } : { kind: 'desktop' };
}

function refusal(name: string): WireError {
  const remedy =
    name === 'no-sandbox'
      ? 'Allow unprivileged user namespaces on this system, or install the .deb package: it brings its own sandbox helper. As root, use "Halfspread --cli".'
      : `Start Halfspread without --${name}.`;
  return {
    code: 'HS_SHELL_SWITCH',
    message: `Halfspread does not start with --${name}: it would open the window that trades to other programs or pages.`,
    remedy,
  };
}
