import type { MarketSpec } from '../../core/types.ts';
import type { Env } from '../../env.ts';
import type { SignerPort } from '../signer/port.ts';
import type { OrderIds, OrderRequest } from '../venue.ts';
import type { VestSettings } from './config.ts';
import { VestPreparedOrder, unsignedOrder } from './prepared-order.ts';
import type { VestClock } from './venue-clock.ts';

/** Turns requests into signed orders; the order id is the nonce. */
export class VestOrderSigner {
  private readonly env: Env;
  private readonly settings: VestSettings;
  private readonly clock: VestClock;
  private readonly signer: SignerPort;
  private readonly ids: OrderIds;
  private readonly marketOf: (symbol: string) => MarketSpec;

  constructor(parts: {
    env: Env;
    settings: VestSettings;
    clock: VestClock;
    signer: SignerPort;
    ids: OrderIds;
    marketOf: (symbol: string) => MarketSpec;
  }) {
    this.env = parts.env;
    this.settings = parts.settings;
    this.clock = parts.clock;
    this.signer = parts.signer;
    this.ids = parts.ids;
    this.marketOf = parts.marketOf;
  }

  tickE8(symbol: string): number {
    return this.marketOf(symbol).tickE8;
  }

  /** Rejects with HS_UNIT_FORMAT when size or price do not fit the market's decimals. */
  async sign(request: OrderRequest): Promise<VestPreparedOrder> {
    const market = this.marketOf(request.symbol);
    const atMs = this.env.clock.monotonicMs();
    const unsigned = unsignedOrder(request, market, this.settings, this.ids.next(), this.clock.safeNowMs(), atMs);
    const answer = await this.signer.sign(unsigned.toSign);
    return new VestPreparedOrder(unsigned, answer, this.env.clock.monotonicMs());
  }
}
