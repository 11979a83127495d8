import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeMarket } from '../testing/fake-market.ts';
import { notionalE16 } from './money.ts';
import type { AccountState, ExchangeOutput, ExchangeState, OrderTerms } from './state.ts';
import { createExchangeState, STARTING_COLLATERAL_E16, step } from './step.ts';

const SYMBOL = 'BTC-USD-PERP';
const START_US = 1_795_000_000_000_000;
const MIDDLE_TICKS = 600_000;

type Action =
  | {
      kind: 'order';
      side: 'BUY' | 'SELL';
      type: 'LIMIT' | 'MARKET';
      instruction: OrderTerms['instruction'];
      offsetTicks: number;
      sizeSteps: number;
      reduceOnly: boolean;
    }
  | { kind: 'cancel'; pick: number }
  | { kind: 'book'; offsetTicks: number; sizeSteps: number }
  | { kind: 'trade'; takerSide: 'BUY' | 'SELL'; offsetTicks: number; sizeSteps: number };

const offsetTicks = fc.integer({ min: -30, max: 30 });
const sizeSteps = fc.integer({ min: 20, max: 200_000 });
const side = fc.constantFrom<'BUY' | 'SELL'>('BUY', 'SELL');
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('order' as const),
    side,
    type: fc.constantFrom<'LIMIT' | 'MARKET'>('LIMIT', 'LIMIT', 'LIMIT', 'MARKET'),
    instruction: fc.constantFrom<OrderTerms['instruction']>('GTC', 'IOC', 'POST_ONLY'),
    offsetTicks,
    sizeSteps,
    reduceOnly: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat(20) }),
  fc.record({ kind: fc.constant('book' as const), offsetTicks, sizeSteps }),
  fc.record({ kind: fc.constant('trade' as const), takerSide: side, offsetTicks, sizeSteps }),
);

/** An exchange with one account, driven by actions; collects all that it says. */
class Session {
  readonly state: ExchangeState;
  readonly outputs: ExchangeOutput[] = [];
  private readonly market = new FakeMarket();
  private nowUs = START_US;

  constructor() {
    this.moveBook(0, 100_000);
    this.state = createExchangeState({
      markets: [{ symbol: SYMBOL, market: this.market }],
      fees: { kind: 'published' },
    });
    this.market.onUpdate((update) => this.step({ kind: 'market.update', symbol: SYMBOL, update }));
    this.market.onTrade((trade) => this.step({ kind: 'market.trade', symbol: SYMBOL, trade }));
    this.step({ kind: 'account.open', address: '0x1', ethAddress: '', publicKey: '0x2' });
  }

  get account(): AccountState {
    return this.state.accounts.get('0x1')!;
  }

  run(action: Action): void {
    this.nowUs += 1_000;
    switch (action.kind) {
      case 'order':
        this.place(action);
        return;
      case 'cancel': {
        const order = [...this.account.orders.values()].at(-1 - action.pick);
        if (order) this.step({ kind: 'order.cancel', account: '0x1', orderId: order.id, reason: 'USER_CANCELED' });
        return;
      }
      case 'book':
        this.moveBook(action.offsetTicks, action.sizeSteps);
        return;
      case 'trade': {
        const priceE8 = (MIDDLE_TICKS + action.offsetTicks) * 1e7;
        const { takerSide } = action;
        this.market.trade({ venueTimeUs: this.nowUs, priceE8, sizeE8: action.sizeSteps * 1_000, takerSide });
      }
    }
  }

  private place(action: Extract<Action, { kind: 'order' }>): void {
    const terms: OrderTerms = {
      market: SYMBOL,
      side: action.side,
      type: action.type,
      sizeE8: action.sizeSteps * 1_000,
      priceE8: action.type === 'MARKET' ? 0 : (MIDDLE_TICKS + action.offsetTicks) * 1e7,
      instruction: action.instruction,
      clientId: '',
      reduceOnly: action.reduceOnly,
      stp: 'EXPIRE_TAKER',
      signature: '',
      signatureTimestampMs: this.nowUs / 1000,
      receiveWindowMs: 1_000,
    };
    const [accepted] = this.step({
      kind: 'order.accept',
      account: '0x1',
      terms,
      orderClass: 'pro',
      receivedAtUs: this.nowUs,
    });
    if (accepted?.kind !== 'accepted') throw new Error('an order within its window must be accepted');
    this.step({ kind: 'order.match', account: '0x1', orderId: accepted.order.id });
  }

  private moveBook(offset: number, steps: number): void {
    const middle = (MIDDLE_TICKS + offset) / 10;
    const size = steps / 100_000;
    this.market.set(this.nowUs, [[middle - 0.1, size]], [[middle + 0.1, size]]);
  }

  private step(input: Parameters<typeof step>[2]): ExchangeOutput[] {
    const outputs = step(this.state, this.nowUs, input);
    this.outputs.push(...outputs);
    return outputs;
  }
}

it('keeps orders, fills, position, collateral and book sequence consistent under any course of events', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 60 }), (actions) => {
      const session = new Session();
      for (const next of actions) session.run(next);
      const { account, outputs, state } = session;
      const market = state.markets.get(SYMBOL)!;

      let sizeE8 = 0;
      let bookedE16 = 0n;
      const filledByOrder = new Map<string, { sizeE8: number; notionalE16: bigint }>();
      for (const fill of account.fills) {
        sizeE8 += fill.side === 'BUY' ? fill.sizeE8 : -fill.sizeE8;
        bookedE16 += fill.realizedPnlE16 - fill.feeE16;
        const filled = filledByOrder.get(fill.orderId) ?? { sizeE8: 0, notionalE16: 0n };
        filled.sizeE8 += fill.sizeE8;
        filled.notionalE16 += notionalE16(fill.priceE8, fill.sizeE8);
        filledByOrder.set(fill.orderId, filled);
      }
      expect(account.positions.get(SYMBOL)?.sizeE8 ?? 0).toBe(sizeE8);
      expect(account.collateralE16).toBe(STARTING_COLLATERAL_E16 + bookedE16);

      for (const order of account.orders.values()) {
        const filled = filledByOrder.get(order.id) ?? { sizeE8: 0, notionalE16: 0n };
        expect(order.terms.sizeE8 - order.remainingE8).toBe(filled.sizeE8);
        expect(order.filledNotionalE16).toBe(filled.notionalE16);
        expect(market.resting.includes(order)).toBe(order.status === 'OPEN');
        if (order.status === 'CLOSED') expect(order.cancelReason === '').toBe(order.remainingE8 === 0);
        else expect(order.terms.type === 'LIMIT' && order.terms.instruction !== 'IOC').toBe(true);
        const worst = order.terms.priceE8;
        for (const fill of account.fills.filter(({ orderId }) => orderId === order.id)) {
          if (order.terms.type === 'MARKET') continue;
          expect(order.terms.side === 'BUY' ? fill.priceE8 <= worst : fill.priceE8 >= worst).toBe(true);
        }
      }

      const sequences = outputs.flatMap((output) => (output.kind === 'book' ? [output.sequence] : []));
      sequences.forEach((sequence, index) => expect(sequence).toBe(sequences[0]! + index));
      const orderSequences = outputs.flatMap((output) => (output.kind === 'order' ? [output.order.sequenceNs] : []));
      expect(new Set(orderSequences).size).toBe(orderSequences.length);
      expect(orderSequences).toEqual(orderSequences.toSorted((a, b) => (a < b ? -1 : 1)));
    }),
    { numRuns: 300 },
  );
});

it('never lets a REDUCE_ONLY order open or flip a position', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 60 }), (actions) => {
      const session = new Session();
      for (const next of actions) session.run(next);
      let heldE8 = 0;
      for (const fill of session.account.fills) {
        const signedE8 = fill.side === 'BUY' ? fill.sizeE8 : -fill.sizeE8;
        if (session.account.orders.get(fill.orderId)!.terms.reduceOnly) {
          expect(Math.sign(heldE8)).toBe(-Math.sign(signedE8));
          expect(fill.sizeE8).toBeLessThanOrEqual(Math.abs(heldE8));
        }
        heldE8 += signedE8;
      }
    }),
    { numRuns: 300 },
  );
});
