import type { IpcBridge } from '../../main/ipc/schema.ts';
import { createSocketBridge, type SocketLike, type WindowLink } from './socket-bridge.ts';

declare global {
  interface Window {
    /** Given by Electron's preload; absent in a browser. */
    halfspread?: IpcBridge;
  }
}

/** The preload's bridge in Electron, else the browser shell's WebSocket at `/ipc` of the page's own origin. */
export function openBridge(onLink: (link: WindowLink) => void): IpcBridge {
  if (window.halfspread) {
    onLink({ state: 'ready', attempt: 0 });
    return window.halfspread;
  }
  const url = new URL('/ipc', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return createSocketBridge({ connect: () => new WebSocket(url) as SocketLike, onLink });
}
