import { HalfspreadError, errorMessage } from '../../core/errors.ts';
import type { Env, HttpResponse } from '../../env.ts';
import type { PreparedOrder, VenueListener } from '../venue.ts';
import type { VestSettings } from './config.ts';
import { DUPLICATE_ORDER_CODE, UNAUTHORIZED_CODE, describeVestCode } from './error-codes.ts';
import type { OrderTracker, TrackedOrder } from './order-tracker.ts';
import { VestPreparedOrder } from './prepared-order.ts';
import { parseBody, type VestRest } from './rest.ts';
import { errorIn, orderIdSchema } from './wire.ts';

const REQUEST_TIMEOUT_STATUS = 408;

/** Hands orders to the REST connection and reads what the HTTP answer proves: little. */
export class VestOrderSender {
  private readonly env: Env;
  private readonly settings: VestSettings;
  private readonly rest: VestRest;
  private readonly tracker: OrderTracker;
  private readonly listener: VenueListener;

  constructor(env: Env, settings: VestSettings, rest: VestRest, tracker: OrderTracker, listener: VenueListener) {
    this.env = env;
    this.settings = settings;
    this.rest = rest;
    this.tracker = tracker;
    this.listener = listener;
  }

  /**
   * Synchronous up to the network's own hand-over. The window counts from the signed time, so the signature's age is added:
   * the venue refuses the order `receiveWindowMs` from now, however old the signature.
   */
  send(order: PreparedOrder): void {
    if (!(order instanceof VestPreparedOrder)) {
      throw new HalfspreadError(
        'HS_VEST_FOREIGN_ORDER',
        `Order ${order.orderId} was not prepared by this client.`,
        'Send it with the client that prepared it.',
      );
    }
    const ageMs = this.env.clock.monotonicMs() - order.signedAtMs;
    const recvWindowMs = Math.ceil(ageMs + this.settings.receiveWindowMs);
    const body = order.takeBody(recvWindowMs);
    const tracked = this.tracker.track(order.orderId, order.request, order.timeMs + recvWindowMs);
    const answered = this.rest.post('/orders', body, this.settings.orderTimeoutMs, (atMs) =>
      this.tracker.onSent(tracked, { t3SignedMs: order.preparedAtMs, t4HandedOverMs: atMs }),
    );
    answered.then(
      (response) => this.onAnswer(tracked, response),
      (error: unknown) => this.tracker.onDoubt(tracked, `no answer: ${errorMessage(error)}`),
    );
  }

  private onAnswer(order: TrackedOrder, response: HttpResponse): void {
    const { status, receivedAtMs } = response;
    const body = parseBody(response.body);
    const error = errorIn(body);
    // What a server or the proxy before it says with 5xx or 408 is no statement about the order.
    const saysNothing = status >= 500 || status === REQUEST_TIMEOUT_STATUS;
    if (error && !saysNothing) {
      if (error.code === DUPLICATE_ORDER_CODE) {
        this.tracker.onDoubt(order, 'DUPLICATE: maybe our own order under this nonce');
        return;
      }
      const reason = `${describeVestCode(error.code)}: ${error.msg}`;
      this.tracker.onRefused(order, reason, receivedAtMs);
      if (error.code === UNAUTHORIZED_CODE) {
        this.listener.onNotice({
          level: 'error',
          code: 'HS_VEST_KEY_REFUSED',
          message: 'Vest refused the API key of an order: register the signing key again.',
        });
      }
      return;
    }
    const acknowledged = orderIdSchema.safeParse(body);
    if (acknowledged.success && status >= 200 && status < 300) {
      this.tracker.onAcknowledged(order, acknowledged.data.id, receivedAtMs);
      return;
    }
    this.tracker.onDoubt(order, `HTTP ${status} that does not tell what became of the order`);
  }
}
