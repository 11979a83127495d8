import { contextBridge, ipcRenderer } from 'electron';
import type { IpcBridge } from '../../ipc/schema.ts';
import type { IpcAnswer } from '../../ipc/server.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';

const bridge: IpcBridge = {
  async call(name, input) {
    const answer = (await ipcRenderer.invoke(CALL_CHANNEL, name, input)) as IpcAnswer;
    // A plain object: of an Error only the message would cross into the page.
    if (!answer.ok) return Promise.reject(answer.error);
    return answer.output as never;
  },
  on(name, listener) {
    const forward = (_event: unknown, eventName: string, data: unknown) => {
      if (eventName === name) listener(data as never);
    };
    ipcRenderer.on(EVENT_CHANNEL, forward);
    return () => void ipcRenderer.off(EVENT_CHANNEL, forward);
  },
};
contextBridge.exposeInMainWorld('halfspread', bridge);
