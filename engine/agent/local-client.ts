import { createConnection } from 'node:net';
import { WebSocket } from 'ws';
import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import { createClientSession, type ClientSession } from '../protocol/client-session.ts';
import { fromWireError } from '../protocol/errors.ts';
import { AGENT_PATH, AUTH_TIMEOUT_MS, LOCAL_HOST, MAX_FRAGMENTS } from '../protocol/handshake.ts';
import type { EngineRuntime } from '../protocol/launch.ts';
import { SUBPROTOCOL, type Command, type Role } from '../protocol/messages.ts';
import type { DeskEvent, Snapshot } from '../protocol/model.ts';
import { uuidV7 } from '../protocol/uuid-v7.ts';
import { deviceIdOf, newNonce, publicKeyOf, sha256, signBytes, verifyBytes } from './keys.ts';

/** trades.list of a long journal is the largest answer; the CLI runs once, so it may take more than the window. */
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** One connection of the CLI to a running engine. Not reconnected: a command that fails says so and ends. */
export interface LocalClient {
  /** The state now; later events go to `onEvent`. */
  subscribe(onEvent?: (sequence: number, event: DeskEvent) => void): Promise<Snapshot>;
  /**
   * The command's result. @throws HalfspreadError as the engine gave it, or HS_LINK_LOST.
   * @param authorize signs it with the device's key; an agent takes that only from devices it trusts with it, not from the CLI's
   */
  command(command: Command, authorize?: boolean): Promise<unknown>;
  close(): void;
}

/** @throws HalfspreadError HS_LINK_LOST when nobody serves the pipe, HS_LINK_WRONG_ENGINE when it is somebody else. */
export async function connectLocally(
  runtime: Pick<EngineRuntime, 'pipe' | 'cookie' | 'agentPublicKey' | 'devicePrivateKey'>,
  role: Role,
  env: Pick<Env, 'clock' | 'random'>,
): Promise<LocalClient> {
  const socket = new WebSocket(`ws://${LOCAL_HOST}${AGENT_PATH}`, SUBPROTOCOL, {
    createConnection: () => createConnection(runtime.pipe),
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    maxFragments: MAX_FRAGMENTS,
    handshakeTimeout: AUTH_TIMEOUT_MS,
  });
  const answers = new Map<string, PromiseWithResolvers<unknown>>();
  const opened = Promise.withResolvers<string>();
  let snapshot: PromiseWithResolvers<Snapshot> | undefined;
  let listener: ((sequence: number, event: DeskEvent) => void) | undefined;

  function endAll(error: HalfspreadError): void {
    opened.reject(error);
    snapshot?.reject(error);
    for (const answer of answers.values()) answer.reject(error);
    answers.clear();
  }

  const publicKey = publicKeyOf(runtime.devicePrivateKey);
  const session: ClientSession = createClientSession(
    {
      deviceId: deviceIdOf(publicKey),
      role,
      binding: Buffer.from(runtime.cookie, 'base64'),
      sha256,
      newNonce,
      sign: (bytes) => signBytes(runtime.devicePrivateKey, bytes),
      verifyAgent: (bytes, signature) => verifyBytes(runtime.agentPublicKey, bytes, signature),
    },
    {
      send: (text) => socket.send(text),
      onReady: ({ sessionId }) => opened.resolve(sessionId),
      onSnapshot: (value) => snapshot?.resolve(value),
      onResumed: () => undefined,
      onEvent: (sequence, event) => listener?.(sequence, event),
      onAnswer: (answer) => {
        const waiting = answers.get(answer.id);
        answers.delete(answer.id);
        if (answer.error) waiting?.reject(fromWireError(answer.error));
        else waiting?.resolve(answer.result);
      },
      onRoundTrip: () => undefined,
      onFailed: (error) => {
        endAll(error);
        socket.terminate();
      },
    },
    () => env.clock.monotonicMs(),
  );
  socket.on('message', (data) => session.receive(data.toString()));
  // The close event follows and ends what waits.
  socket.on('error', (error) => endAll(lost(error.message)));
  socket.on('close', (code) => endAll(lost(`closed with code ${code}`)));
  await opened.promise;

  return {
    subscribe(onEvent) {
      listener = onEvent;
      snapshot = Promise.withResolvers();
      session.subscribe();
      return snapshot.promise;
    },
    command(command, authorize) {
      const id = uuidV7(env.clock.wallMs(), env.random.bytes(10));
      const answer = Promise.withResolvers<unknown>();
      answers.set(id, answer);
      session.command(id, command, authorize);
      return answer.promise;
    },
    close: () => socket.close(),
  };
}

function lost(why: string): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_LOST',
    `There is no connection to the engine (${why}).`,
    'See whether it runs: halfspread status.',
  );
}
