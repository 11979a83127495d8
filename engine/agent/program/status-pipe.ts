import { createConnection, createServer, type Server } from 'node:net';
import { HalfspreadError } from '../../core/errors.ts';
import { agentStatusSchema, type AgentStatus } from '../../protocol/agent-program.ts';
import { listenOnPipe, preparePipe } from '../pipe.ts';

const ANSWER_TIMEOUT_MS = 5_000;
const MAX_ANSWER_CHARS = 64 * 1024;

/** Answers each connection with one line of JSON. The socket is this user's alone (0600 in a folder of 0700). */
export async function serveStatus(path: string, status: () => AgentStatus): Promise<() => Promise<void>> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(`${JSON.stringify(status())}\n`);
  });
  server.maxConnections = 8;
  await preparePipe(path);
  await listenOnPipe(server, path);
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** @throws HalfspreadError HS_NOT_RUNNING */
export function askStatus(path: string): Promise<AgentStatus> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let text = '';
    const fail = (cause: unknown) => {
      socket.destroy();
      reject(
        new HalfspreadError(
          'HS_NOT_RUNNING',
          'No agent runs on this state folder, or it does not answer.',
          'Start the service; its log (journalctl) says why it ended.',
          { cause },
        ),
      );
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => fail(new Error('no answer in time')));
    socket.on('error', fail);
    socket.on('data', (bytes) => {
      text += bytes.toString();
      if (text.length > MAX_ANSWER_CHARS) fail(new Error('the answer is too long'));
    });
    socket.on('end', () => {
      try {
        resolve(agentStatusSchema.parse(JSON.parse(text)));
      } catch (error) {
        fail(error);
      }
    });
  });
}
