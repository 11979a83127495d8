import type { PracticeHost } from '../host.ts';
import { checkOrder, signedOrder } from './exchange/order-checks.ts';
import { classWithinAllowance } from './exchange/retail-allowance.ts';
import { RETAIL_SPEED_BUMP_US, type OrderClass } from './exchange/rules.ts';
import {
  refusal,
  type AccountState,
  type ExchangeOutput,
  type ExchangeState,
  type OrderState,
  type OrderTerms,
  type Refusal,
} from './exchange/state.ts';
import { step, type ExchangeInput } from './exchange/step.ts';
import type { LatenessRecorder } from './lateness.ts';
import type { ParadexVerifier } from './signatures/verifier.ts';
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

const REFUSED_SIGNATURE: OrderAnswer = {
  ok: false,
  refusal: refusal('INVALID_ORDER_SIGNATURE', 'invalid order signature'),
};

/** When things happen to an order: arrival, reply after the processing time, match after the speed bump, stream after the lag. */
export class OrderEntry {
  private readonly options: OrderEntryOptions;

  constructor(options: OrderEntryOptions) {
    this.options = options;
  }

  place(trader: Trader, body: unknown, answer: (answer: OrderAnswer) => void): void {
    this.placeBatch(trader, [body], ([only]) => answer(only!));
  }

  /**
   * Orders that arrive together: checked one by one, but one bad signature refuses all. The answers come in the order of the
   * bodies, all at once.
   */
  placeBatch(trader: Trader, bodies: unknown[], answer: (answers: OrderAnswer[]) => void): void {
    const { host, state, processingUs } = this.options;
    const receivedAtUs = host.nowUs();
    const account = state.accounts.get(trader.account)!;
    const checks = bodies.map((body) => {
      const checked = checkOrder(state, account, body, receivedAtUs);
      if (checked.ok) this.step({ kind: 'order.received', account: account.address, terms: checked.value });
      return checked;
    });
    const terms = checks.flatMap((checked) => (checked.ok ? [checked.value] : []));
    const orderClass = state.switches.retailLimitsApply
      ? classWithinAllowance(account, trader.orderClass, receivedAtUs)
      : trader.orderClass;
    const bumpUs = orderClass === 'retail' && terms.length > 0 ? RETAIL_SPEED_BUMP_US : 0;
    const acceptAtUs = receivedAtUs + processingUs + (state.switches.replyWaitsForSpeedBump ? bumpUs : 0);
    const matchAtUs = receivedAtUs + processingUs + bumpUs;

    // Whichever comes last, the due time or the signature checks, carries on.
    let awaited = terms.length + 1;
    let areSigned = true;
    const arrived = (isGood: boolean): void => {
      areSigned &&= isGood;
      if (--awaited > 0) return;
      if (!areSigned) {
        for (const dropped of terms) this.step({ kind: 'order.dropped', account: account.address, terms: dropped });
      }
      const accepted = checks.map((checked) => {
        if (!checked.ok) return { answer: checked, proceed: () => undefined };
        if (!areSigned) return { answer: REFUSED_SIGNATURE, proceed: () => undefined };
        const input = { ...trader, terms: checked.value, receivedAtUs, orderClass };
        return this.accept({ kind: 'order.accept', ...input }, matchAtUs);
      });
      const reply = (): void => answer(accepted.map((order) => order.answer));
      if (!state.switches.streamEventBeforeReply) reply();
      for (const { proceed } of accepted) proceed();
      if (state.switches.streamEventBeforeReply) reply();
    };
    host.schedule(acceptAtUs, () => arrived(true));
    for (const checked of terms) this.verify(account, checked, acceptAtUs, arrived);
  }

  private verify(account: AccountState, terms: OrderTerms, dueAtUs: number, done: (isGood: boolean) => void): void {
    const { host, verifier, lateness } = this.options;
    const request = {
      message: signedOrder(terms),
      accountAddress: account.address,
      starknetChainId: SYSTEM_CONFIG.starknet_chain_id,
      signature: terms.signature,
      publicKeys: account.keys.filter(({ state }) => state === 'active').map(({ publicKey }) => publicKey),
    };
    verifier.verify(request, (result) => {
      lateness.record(host.nowUs() - dueAtUs);
      done(result !== undefined);
    });
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

  /** Gives the order its id; `proceed` streams what follows from it, and matches it once its speed bump is over. */
  private accept(
    input: Extract<ExchangeInput, { kind: 'order.accept' }>,
    matchAtUs: number,
  ): { answer: OrderAnswer; proceed: () => void } {
    const { host, state } = this.options;
    const [first] = this.step(input);
    if (first?.kind !== 'accepted') {
      const reason = first?.kind === 'refused' ? first.refusal : refusal('INTERNAL_ERROR', 'order was lost', 500);
      return { answer: { ok: false, refusal: reason }, proceed: () => undefined };
    }
    const { order } = first;
    const match = (): void => {
      this.stream(this.step({ kind: 'order.match', account: order.account, orderId: order.id }));
    };
    const proceed = (): void => {
      if (state.switches.streamsNewStatus) this.stream([{ kind: 'order', order }]);
      if (matchAtUs > host.nowUs()) host.schedule(matchAtUs, match);
      else match();
    };
    return { answer: { ok: true, order }, proceed };
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
