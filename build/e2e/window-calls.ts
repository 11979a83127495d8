import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import type { IpcCallName, IpcInput, IpcOutput } from '../../main/ipc/schema.ts';

/** Calls of main as a second window of the same person makes them: for what a test needs and another test looks at on screen. */
export interface WindowCalls {
  call<Name extends IpcCallName>(name: Name, input: IpcInput<Name>): Promise<IpcOutput<Name>>;
  close(): void;
}

interface Answer {
  kind: string;
  id: number;
  ok: boolean;
  output?: unknown;
  error?: { code: string; message: string };
}

/** @param home HALFSPREAD_HOME of a program that runs */
export async function connectAsWindow(home: string): Promise<WindowCalls> {
  const { stdout } = await promisify(execFile)(process.execPath, ['build/halfspread.mjs', 'open', '--json'], {
    env: { ...process.env, HALFSPREAD_HOME: home },
  });
  const { link } = JSON.parse(stdout) as { link: string };
  const { origin } = new URL(link);
  const cookie = (await fetch(link)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ipc`, { origin, headers: { cookie } });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  socket.on('message', (text) => {
    const frame = JSON.parse(text.toString()) as Answer;
    if (frame.kind !== 'answer') return;
    const call = waiting.get(frame.id);
    if (frame.ok) call?.resolve(frame.output);
    else call?.reject(new Error(`${frame.error?.code}: ${frame.error?.message}`));
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    call: (name, input) => {
      const id = waiting.size + 1;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      socket.send(JSON.stringify({ kind: 'call', id, name, input }));
      // Checked by main against the schema of this name before it was sent.
      return answer.promise as Promise<never>;
    },
    close: () => socket.close(),
  };
}
