import type { PracticeHost } from '../host.ts';
import { checkOrder, signedOrder } from './exchange/order-checks.ts';
import { classWithinAllowance } from './exchange/retail-allowance.ts';
import { RETAIL_SPEED_BUMP_US, type OrderClass } from './exchange/rules.ts';
import { refusal, type ExchangeOutput, type ExchangeState, type OrderState, type Refusal } from './exchange/state.ts';
import { step, type ExchangeInput } from './exchange/step.ts';
import type { LatenessRecorder } from './lateness.ts';
import type { ParadexVerifier, VerificationAnswer } from './signatures/verifier.ts';
import { SYSTEM_CONFIG } from './system-config.ts';

/** Who sends an order: the account of a JWT, with the class the JWT gives. */
export interface Trader {
  account: string;
  orderClass: OrderClass;
  /** Set when the order comes over a WebSocket. */
  connectionId?: number;
}

export interface OrderEntryOptions {
  host: PracticeHost;
  state: ExchangeState;
  verifier: ParadexVerifier;
  lateness: LatenessRecorder;
  /** Time from arrival to the reply: gateway, signature, risk. */
  processingUs: number;
  /** Time from match to the private stream's message about it. */
  ackToFillLagUs: number;
  publish(outputs: ExchangeOutput[]): void;
}

export type OrderAnswer = { ok: true; order: OrderState } | { ok: false; refusal: Refusal };

/** When things happen to an order: arrival, reply after the processing time, match after the speed bump, stream after the lag. */
export class OrderEntry {
  private readonly options: OrderEntryOptions;

  constructor(options: OrderEntryOptions) {
    this.options = options;
  }

  place(trader: Trader, body: unknown, answer: (answer: OrderAnswer) => void): void {
    const { host, state, verifier, lateness, processingUs } = this.options;
    const receivedAtUs = host.nowUs();
    const account = state.accounts.get(trader.account)!;
    const checked = checkOrder(state, account, body, receivedAtUs);
    const orderClass = state.switches.retailLimitsApply
      ? classWithinAllowance(account, trader.orderClass, receivedAtUs)
      : trader.orderClass;
    const bumpUs = orderClass === 'retail' ? RETAIL_SPEED_BUMP_US : 0;
    const acceptAtUs = receivedAtUs + processingUs + (state.switches.replyWaitsForSpeedBump ? bumpUs : 0);
    if (!checked.ok) {
      host.schedule(receivedAtUs + processingUs, () => answer(checked));
      return;
    }
    const terms = checked.value;
    step(state, receivedAtUs, { kind: 'order.received', account: account.address, terms });

    // Whichever comes last, the due time or the signature check, carries on.
    let verification: { result: VerificationAnswer } | undefined;
    let isDue = false;
    const carryOn = (): void => {
      if (verification === undefined || !isDue) return;
      if (verification.result === undefined) {
        step(state, host.nowUs(), { kind: 'order.dropped', account: account.address, terms });
        answer({ ok: false, refusal: refusal('INVALID_ORDER_SIGNATURE', 'invalid order signature') });
        return;
      }
      const accept = { kind: 'order.accept' as const, account: account.address, terms, receivedAtUs };
      this.accept({ ...accept, ...trader, orderClass }, receivedAtUs + processingUs + bumpUs, answer);
    };
    host.schedule(acceptAtUs, () => {
      isDue = true;
      carryOn();
    });
    verifier.verify(
      {
        message: signedOrder(terms),
        accountAddress: account.address,
        starknetChainId: SYSTEM_CONFIG.starknet_chain_id,
        signature: terms.signature,
        publicKeys: account.keys.map((key) => key.publicKey),
      },
      (result) => {
        lateness.record(host.nowUs() - acceptAtUs);
        verification = { result };
        carryOn();
      },
    );
  }

  /** Takes effect after the processing time and the class's speed bump; what is closed by then stays as it is. */
  cancel(trader: Trader, orders: () => OrderState[], reason: string): void {
    const bumpUs = trader.orderClass === 'retail' ? RETAIL_SPEED_BUMP_US : 0;
    const effectAtUs = this.options.host.nowUs() + this.options.processingUs + bumpUs;
    this.options.host.schedule(effectAtUs, () => this.cancelNow(orders(), reason));
  }

  cancelNow(orders: OrderState[], reason: string): void {
    for (const order of orders) {
      this.stream(this.step({ kind: 'order.cancel', account: order.account, orderId: order.id, reason }));
    }
  }

  /** Runs `reply` once the processing time is over. */
  afterProcessing(reply: () => void): void {
    this.options.host.schedule(this.options.host.nowUs() + this.options.processingUs, reply);
  }

  private accept(
    input: Extract<ExchangeInput, { kind: 'order.accept' }>,
    matchAtUs: number,
    answer: (answer: OrderAnswer) => void,
  ): void {
    const { host, state } = this.options;
    const [first] = this.step(input);
    if (first?.kind === 'refused') {
      answer({ ok: false, refusal: first.refusal });
      return;
    }
    if (first?.kind !== 'accepted') return;
    const { order } = first;
    const events: ExchangeOutput[] = state.switches.streamsNewStatus ? [{ kind: 'order', order }] : [];
    const match = (): ExchangeOutput[] => this.step({ kind: 'order.match', account: order.account, orderId: order.id });
    if (matchAtUs > host.nowUs()) {
      answer({ ok: true, order });
      this.stream(events);
      host.schedule(matchAtUs, () => this.stream(match()));
      return;
    }
    events.push(...match());
    if (state.switches.streamEventBeforeReply) {
      this.stream(events);
      answer({ ok: true, order });
    } else {
      answer({ ok: true, order });
      this.stream(events);
    }
  }

  private step(input: ExchangeInput): ExchangeOutput[] {
    const { host, state } = this.options;
    return step(state, host.nowUs(), input);
  }

  /** The public feed learns of a match at once, the private streams after the lag. */
  stream(outputs: ExchangeOutput[]): void {
    const { host, publish, ackToFillLagUs } = this.options;
    const isPublic = (output: ExchangeOutput): boolean => output.kind === 'book' || output.kind === 'trade';
    publish(outputs.filter(isPublic));
    const privateOutputs = outputs.filter((output) => !isPublic(output));
    if (privateOutputs.length === 0) return;
    if (ackToFillLagUs === 0) publish(privateOutputs);
    else host.schedule(host.nowUs() + ackToFillLagUs, () => publish(privateOutputs));
  }
}
