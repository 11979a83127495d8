import type { EndpointConnection, EndpointSession } from '../host.ts';
import { CLOSE_NO_SUBSCRIPTION, RPC_ERROR } from '../../venues/paradex/wire.ts';
import { RpcFailure } from './rpc-failure.ts';
import { callMethod } from './ws-methods.ts';
import { encodeHeartbeat, type SbeVersion } from './sbe-encode.ts';
import type { Trader } from './order-entry.ts';
import { Subscriptions } from './subscriptions.ts';
import type { ParadexVenue } from './venue.ts';
import { wireJson, type WireValue } from './wire-json.ts';

/** The venue's side of one WebSocket: JSON-RPC in and out, JSON pushes, binary market data when the upgrade asked for it. */
export class WsSession implements EndpointSession {
  readonly venue: ParadexVenue;
  readonly id: number;
  readonly subscriptions: Subscriptions;
  /** Set by `auth`; stays for the connection's life, also when the token has expired. */
  trader: Trader | undefined;
  cancelOnDisconnect = false;
  private readonly connection: EndpointConnection;
  private lastBinaryAtUs: number;
  private isClosed = false;
  private stopHeartbeat: () => void = () => undefined;
  private stopIdleClose: () => void = () => undefined;

  constructor(venue: ParadexVenue, id: number, connection: EndpointConnection, sbeVersion: SbeVersion | undefined) {
    this.venue = venue;
    this.id = id;
    this.connection = connection;
    this.lastBinaryAtUs = venue.host.nowUs();
    this.subscriptions = new Subscriptions({
      venue,
      sbeVersion,
      account: () => this.trader?.account,
      pushJson: (channel, data) => this.push(channel, data),
      pushBinary: (frame) => this.sendBinary(frame),
    });
    venue.consumers.add(this.subscriptions);
    this.watchSubscriptions();
    if (sbeVersion !== undefined) this.watchHeartbeat(sbeVersion);
  }

  onText(text: string): void {
    const usIn = this.venue.host.nowUs();
    let id: WireValue = null;
    try {
      const request = parseRequest(text);
      id = request.id;
      const answer = (result: WireValue): void => this.reply(request.id, { result }, usIn);
      const fail = (failure: RpcFailure): void => this.fail(request.id, failure, usIn);
      callMethod(this, request.method, request.params, { answer, fail });
    } catch (error) {
      if (!(error instanceof RpcFailure)) throw error;
      this.fail(error.requestId ?? id, error, usIn);
    }
  }

  onClose(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.stopHeartbeat();
    this.stopIdleClose();
    this.subscriptions.close();
    this.venue.consumers.delete(this.subscriptions);
    if (this.cancelOnDisconnect && this.trader !== undefined) this.cancelLeftOrders(this.trader.account);
  }

  /** Starts or stops the clock that closes connections without subscriptions. */
  watchSubscriptions(): void {
    this.stopIdleClose();
    this.stopIdleClose = () => undefined;
    if (this.subscriptions.size > 0) return;
    const { host, state } = this.venue;
    this.stopIdleClose = host.schedule(host.nowUs() + state.switches.noSubscriptionCloseMs * 1000, () => {
      this.connection.close(CLOSE_NO_SUBSCRIPTION, 'no active subscription');
    });
  }

  private cancelLeftOrders(account: string): void {
    const { host, state, orders } = this.venue;
    const coversAll = state.switches.cancelOnDisconnectCovers === 'account';
    host.schedule(host.nowUs() + state.switches.cancelOnDisconnectDelayMs * 1000, () => {
      const left = this.venue.openOrders(account).filter((order) => coversAll || order.connectionId === this.id);
      orders.cancelNow(left, 'USER_CANCELED');
    });
  }

  private watchHeartbeat(version: SbeVersion): void {
    const { host, state } = this.venue;
    const idleUs = state.switches.heartbeatIdleMs * 1000;
    const check = (): void => {
      if (host.nowUs() - this.lastBinaryAtUs >= idleUs) {
        this.sendBinary(encodeHeartbeat(host.nowUs(), 0, version));
      }
      this.stopHeartbeat = host.schedule(this.lastBinaryAtUs + idleUs, check);
    };
    this.stopHeartbeat = host.schedule(this.lastBinaryAtUs + idleUs, check);
  }

  private push(channel: string, data: WireValue): void {
    this.sendText({ jsonrpc: '2.0', method: 'subscription', params: { channel, data } });
  }

  private fail(id: WireValue, failure: RpcFailure, usIn: number): void {
    const error = { code: failure.code, message: failure.message, data: failure.data };
    this.reply(id, { error }, usIn);
  }

  private reply(id: WireValue, outcome: { result: WireValue } | { error: WireValue }, usIn: number): void {
    const usOut = this.venue.host.nowUs();
    this.sendText({ jsonrpc: '2.0', id, ...outcome, usIn, usDiff: usOut - usIn, usOut });
  }

  private sendText(value: WireValue): void {
    if (!this.isClosed) this.connection.sendText(`${wireJson(value)}\n`);
  }

  private sendBinary(frame: Uint8Array): void {
    if (this.isClosed) return;
    this.lastBinaryAtUs = this.venue.host.nowUs();
    this.connection.sendBinary(frame);
  }
}

function parseRequest(text: string): { id: number; method: string; params: Record<string, unknown> } {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch {
    throw new RpcFailure(RPC_ERROR.parse, 'parse error');
  }
  if (typeof request !== 'object' || request === null)
    throw new RpcFailure(RPC_ERROR.invalidRequest, 'invalid request');
  const { jsonrpc, id, method, params = {} } = request as Record<string, unknown>;
  const requestId = typeof id === 'number' ? id : undefined;
  if (jsonrpc !== '2.0' || requestId === undefined || typeof method !== 'string') {
    throw new RpcFailure(RPC_ERROR.invalidRequest, 'invalid request', undefined, requestId);
  }
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw new RpcFailure(RPC_ERROR.badParams, 'invalid params', undefined, requestId);
  }
  return { id: requestId, method, params: params as Record<string, unknown> };
}
