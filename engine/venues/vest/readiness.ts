import { NetworkError } from '../../core/errors.ts';
import type { Network } from '../../env.ts';
import { parseBody } from './rest.ts';
import { exchangeInfoSchema, tickersSchema } from './wire.ts';
import type { z } from 'zod';

const TIMEOUT_MS = 5_000;

export const API_GENERATION = 'v2';

export interface VestReadiness {
  /** What answers speaks v2 and lists the market. */
  usable: boolean;
  open: boolean;
  detail: string;
}

/** Read-only and public: whether the signed-order API this client was written for answers, and whether the market trades. */
export async function vestReadiness(network: Network, restUrl: string, symbol: string): Promise<VestReadiness> {
  const query = `?symbols=${encodeURIComponent(symbol)}`;
  const info = await read(network, `${restUrl}/exchangeInfo${query}`, exchangeInfoSchema);
  if (!info?.symbols.some((market) => market.symbol === symbol)) {
    const what = info ? `lists no ${symbol}` : 'does not answer as API v2 (the newer API has no published order path)';
    return { usable: false, open: false, detail: `Vest ${what}.` };
  }
  const tickers = await read(network, `${restUrl}/ticker/latest${query}`, tickersSchema);
  const status = tickers?.tickers.find((ticker) => ticker.symbol === symbol)?.status ?? 'unknown';
  const open = status === 'TRADING';
  return { usable: true, open, detail: `API ${API_GENERATION} answers; ${symbol} is ${open ? 'trading' : status}.` };
}

/** Undefined when what answers does not speak this protocol. @throws NetworkError when nothing answers, or only a proxy. */
async function read<T>(network: Network, url: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const response = await network.request({ method: 'GET', url, timeoutMs: TIMEOUT_MS });
  if (response.status >= 500 || response.status === 429) {
    throw new NetworkError(
      'HS_VEST_UNREADABLE',
      `Vest could not answer (HTTP ${response.status}); that says nothing about it.`,
      'Try again.',
    );
  }
  return schema.safeParse(parseBody(response.body)).data;
}
