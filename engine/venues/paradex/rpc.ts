import { HalfspreadError, NetworkError } from '../../core/errors.ts';
import type { Timers } from '../../env.ts';
import { rpcMessageSchema } from './wire.ts';
import type { RpcMessage, RpcPush, RpcReply } from './wire.ts';

const CALL_TIMEOUT_MS = 10_000;

/** Paradex answered a JSON-RPC call with an error. `rpcCode` is the contract, never the text. */
export class RpcCallError extends HalfspreadError {
  override readonly name = 'RpcCallError';
  readonly rpcCode: number;
  constructor(method: string, rpcCode: number, text: string) {
    super('HS_PARADEX_RPC', `Paradex refused ${method}: ${text} (${rpcCode}).`, 'See the Paradex error code.');
    this.rpcCode = rpcCode;
  }
}

export type CallOutcome = { kind: 'reply'; reply: RpcReply; receivedAtMs: number } | { kind: 'lost'; reason: string };

interface PendingCall {
  sentAtMs: number;
  settle(outcome: CallOutcome): void;
}

/** Reads one text frame. @throws HalfspreadError HS_PARADEX_MESSAGE */
export function parseRpcMessage(text: string): RpcMessage {
  try {
    return rpcMessageSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new HalfspreadError(
      'HS_PARADEX_MESSAGE',
      `Paradex sent a message that is no JSON-RPC: ${text.slice(0, 120)}`,
      'If this repeats, Paradex changed its protocol and Halfspread needs an update.',
      { cause },
    );
  }
}

export function isPush(message: RpcMessage): message is RpcPush {
  return 'method' in message;
}

/** Ids, time-outs and answers of JSON-RPC calls on one connection; the connection itself lies under it. */
export class RpcCalls {
  private readonly timers: Timers;
  private readonly sendText: (text: string) => number;
  /** Called with every answer that carries the server's times (microseconds). */
  private readonly onServerTimes: (sentAtMs: number, receivedAtMs: number, usIn: number, usOut: number) => void;
  private readonly pending = new Map<number, PendingCall>();
  private nextId = 1;

  constructor(
    timers: Timers,
    sendText: (text: string) => number,
    onServerTimes: (sentAtMs: number, receivedAtMs: number, usIn: number, usOut: number) => void,
  ) {
    this.timers = timers;
    this.sendText = sendText;
    this.onServerTimes = onServerTimes;
  }

  /** @throws RpcCallError on an error answer, NetworkError when none came or nothing could be sent. */
  call(method: string, params: Record<string, unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const cancelTimeout = this.timers.after(CALL_TIMEOUT_MS, () => {
        this.pending.delete(id);
        reject(unanswered(method, `no answer within ${CALL_TIMEOUT_MS} ms`));
      });
      try {
        const text = JSON.stringify({ jsonrpc: '2.0', method, params, id });
        this.register(id, this.sendText(text), (outcome) => {
          cancelTimeout();
          if (outcome.kind === 'lost') return reject(unanswered(method, outcome.reason));
          const { error, result } = outcome.reply;
          if (error) reject(new RpcCallError(method, error.code, error.message));
          else resolve(result);
        });
      } catch (error) {
        cancelTimeout();
        reject(error);
      }
    });
  }

  /** For calls whose text is built ahead: take an id, send, then register what to do with the answer. */
  takeId(): number {
    return this.nextId++;
  }

  register(id: number, sentAtMs: number, settle: (outcome: CallOutcome) => void): void {
    this.pending.set(id, { sentAtMs, settle });
  }

  handleReply(reply: RpcReply, receivedAtMs: number): void {
    const call = this.pending.get(reply.id);
    if (!call) return;
    this.pending.delete(reply.id);
    if (reply.usIn !== undefined && reply.usOut !== undefined) {
      this.onServerTimes(call.sentAtMs, receivedAtMs, reply.usIn, reply.usOut);
    }
    call.settle({ kind: 'reply', reply, receivedAtMs });
  }

  /** The connection is gone: nothing pending will be answered. */
  lost(reason: string): void {
    const calls = [...this.pending.values()];
    this.pending.clear();
    for (const call of calls) call.settle({ kind: 'lost', reason });
  }
}

function unanswered(method: string, reason: string): NetworkError {
  return new NetworkError(
    'HS_NET_UNANSWERED',
    `Paradex did not answer ${method} (${reason}): its outcome is unknown.`,
    'Halfspread asks again by itself; check the network if this repeats.',
  );
}
