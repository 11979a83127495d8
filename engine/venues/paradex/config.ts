import { z } from 'zod';
import { HalfspreadError } from '../../core/errors.ts';
import type { VenueCapabilities } from '../venue.ts';

/**
 * Points of Paradex's protocol that no published source settles, and limits chosen by us. The defaults are the cautious reading.
 */
export const paradexSwitchesSchema = z.object({
  /** Arm `order.cancel_on_disconnect`. What exactly it covers is unconfirmed, so nothing relies on it. */
  cancelOnDisconnect: z.boolean().default(true),
  /** Oldest age at which a signature is still used; the venue's largest receive window is unconfirmed (its default is 300 s). */
  maxSignatureAgeMs: z.number().int().positive().default(300_000),
  /** How long after the end of the receive window the venue may still be working on an order it took in time. */
  settleMarginMs: z.number().int().nonnegative().default(500),
  /** A market silent for this long is stale. The feed sends every change, about 12-25 a second for BTC. */
  staleAfterMs: z.number().int().positive().default(5_000),
  /** Public key of the subkey: logs in at `/auth/{public_key}` as the Python SDK does; without it at `/auth`. */
  authPublicKey: z.string().optional(),
  /** Prices held signed per side, size and kind of order around the expected limit; the ladder is off at 0. */
  ladderSteps: z.number().int().nonnegative().default(8),
  /** Ticks between two prices of the ladder: how much wider than asked a signed-ahead bound may be (BTC: 5 USD, under 1 bps). */
  ladderStepTicks: z.number().int().positive().default(50),
});
export type ParadexSwitches = z.infer<typeof paradexSwitchesSchema>;

export const paradexClientConfigSchema = z.object({
  /** Ends in /v1, no slash behind it. */
  restUrl: z.url({ protocol: /^https?$/ }),
  wsUrl: z.url({ protocol: /^wss?$/ }),
  accountAddress: z.string().regex(/^0x[0-9a-fA-F]{1,64}$/),
  /** Pro: fees, no speed bump. Retail: no fee, 300 ms before every order and cancel. */
  orderClass: z.enum(['pro', 'retail']),
  symbols: z.array(z.string().min(1)).min(1),
  /** An order is dead at the venue this long after it was sent (1.5-3 s). */
  receiveWindowMs: z.number().int().min(10).max(300_000),
  switches: paradexSwitchesSchema.partial().optional(),
});
export type ParadexClientConfig = z.input<typeof paradexClientConfigSchema>;

/** @throws HalfspreadError HS_PARADEX_CONFIG naming the first field that is wrong. */
export function checkedConfig(config: ParadexClientConfig): { config: ParadexClientConfig; switches: ParadexSwitches } {
  const checked = paradexClientConfigSchema.safeParse(config);
  if (checked.success) return { config: checked.data, switches: paradexSwitchesSchema.parse(config.switches ?? {}) };
  const { path, message } = checked.error.issues[0]!;
  throw new HalfspreadError(
    'HS_PARADEX_CONFIG',
    `The Paradex connection is not set up: ${path.join('.')}: ${message}`,
    'Correct the field in the configuration.',
  );
}

/** Speed bump of Retail orders and cancels (Paradex trader profiles). */
export const RETAIL_DELAY_MS = 300;

export function takerDelayMs(orderClass: ParadexClientConfig['orderClass']): number {
  return orderClass === 'retail' ? RETAIL_DELAY_MS : 0;
}

/** What Paradex can and cannot do, for orders of this class. */
export function paradexCapabilities(orderClass: ParadexClientConfig['orderClass']): VenueCapabilities {
  return {
    orderTransport: 'websocket',
    clientOrderIds: true,
    stampsMarketData: true,
    sequencedMarketData: true,
    stampsOrders: true,
    takerDelayMs: takerDelayMs(orderClass),
    quoteCurrency: 'USDC',
  };
}
