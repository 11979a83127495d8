import { spawn } from 'node:child_process';

const OPENERS: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  linux: ['xdg-open'],
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/**
 * Asks the desktop to open the link in the default browser. Resolves with false where that cannot work; the link is
 * printed in any case. The link in the command line is good for one use.
 */
export function openBrowser(link: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const opener = OPENERS[process.platform];
  const hasDisplay =
    process.platform !== 'linux' || Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
  if (!opener || !hasDisplay) return Promise.resolve(false);
  const [program, ...args] = opener;
  return new Promise((resolve) => {
    const child = spawn(program, [...args, link], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
