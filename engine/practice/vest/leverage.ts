import { z } from 'zod';
import { invalidParameter, isAuthorizedSigner } from './admission.ts';
import { refusal } from './codes.ts';
import type { VestRefusal } from './codes.ts';
import { leverageOf } from './ledger.ts';
import { leverageArgsHash, recoverSigner } from './signatures.ts';
import type { VestAccount, VestExchange } from './state.ts';

const stamp = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const leverageBody = z.object({
  time: stamp,
  symbol: z.string(),
  value: z.number().int().positive(),
  nonce: stamp.optional(),
  signature: z.string().optional(),
});

/** POST /account/leverage: one whole number per symbol, up to the market's maximum, not lower while a position is open. */
export function setLeverage(
  exchange: VestExchange,
  account: VestAccount,
  json: unknown,
  nowMs: number,
): { symbol: string; value: number } | VestRefusal {
  const parsed = leverageBody.safeParse(json);
  if (!parsed.success) return invalidParameter(parsed.error);
  const { time, symbol, value, nonce, signature } = parsed.data;
  const { maxLeverage, leverageSignature } = exchange.switches;
  if (!exchange.markets.has(symbol)) return refusal(1121);
  if (value > maxLeverage) return refusal(1130, `value must be 1 to ${maxLeverage}`);
  if (leverageSignature === 'required') {
    const hash = leverageArgsHash({ time, nonce: nonce ?? 0, symbol, value });
    const signer = signature === undefined ? undefined : recoverSigner(hash, signature);
    if (!isAuthorizedSigner(account, signer, nowMs)) return refusal(1022);
  }
  if (account.positions.has(symbol) && value < leverageOf(exchange, account, symbol)) return refusal(3021);
  account.leverages.set(symbol, value);
  return { symbol, value };
}
