import { findDeepLink, LINK_SCHEME, readDeepLink, type DeepLink } from '../../lifecycle/deep-link.ts';

/** The part of `electron.app` links come through. */
export interface ElectronLinksPort {
  /** False while it runs from a checkout: Electron itself is then the program. */
  readonly isPackaged: boolean;
  setAsDefaultProtocolClient(protocol: string, path?: string, args?: string[]): boolean;
  /** macOS; before `ready` too, when the link started the program. */
  on(event: 'open-url', listener: (event: { preventDefault(): void }, url: string) => void): unknown;
  /** Windows and Linux: the arguments of the other start. */
  on(event: 'second-instance', listener: (event: unknown, args: string[]) => void): unknown;
}

export interface LinkHandlers {
  onLink(link: DeepLink): void;
  /** Started once more without a link: the person wants to see the window. */
  onStartedAgain(): void;
}

export interface ElectronLinksOptions {
  app: ElectronLinksPort;
  /** Of this start. */
  args: readonly string[];
  /** Program and arguments that start this Halfspread; a link is added to them. */
  startCommand: readonly string[];
}

/**
 * Makes Halfspread the program for its links and takes them up however the system brings them. Call before
 * `app.whenReady()`; links that come before `handle` wait for it, the last of them.
 */
export function followLinks({ app, args, startCommand }: ElectronLinksOptions): {
  handle(handlers: LinkHandlers): void;
} {
  let waiting = findDeepLink(args);
  let handlers: LinkHandlers | undefined;

  function take(link: DeepLink): void {
    if (handlers) handlers.onLink(link);
    else waiting = link;
  }

  const [program, ...programArgs] = startCommand;
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  else app.setAsDefaultProtocolClient(LINK_SCHEME, program, programArgs);
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const link = readDeepLink(url);
    if (link) take(link);
  });
  app.on('second-instance', (_event, otherArgs) => {
    const link = findDeepLink(otherArgs);
    if (link) take(link);
    else handlers?.onStartedAgain();
  });

  return {
    handle(next) {
      handlers = next;
      if (waiting) next.onLink(waiting);
      waiting = undefined;
    },
  };
}
