import { z } from 'zod';
import type { VestRest } from './rest.ts';
import type { VestAccount } from './wire.ts';

const leverageAnswerSchema = z.object({ symbol: z.string(), value: z.number() });

/**
 * Sets the leverage of the symbols that have another one than wanted: Vest wants it set before trading. Sent unsigned as
 * documented (one client signs it; unconfirmed). Rejects with VestAnswerError when the venue refuses.
 */
export async function setLeverage(
  rest: VestRest,
  account: VestAccount,
  wanted: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [symbol, value] of Object.entries(wanted)) {
    const current = account.leverages?.find((each) => each.symbol === symbol)?.value;
    if (current === value) continue;
    await rest.call(leverageAnswerSchema, 'POST', '/account/leverage', {}, { ...rest.timeQuery(), symbol, value });
  }
}
