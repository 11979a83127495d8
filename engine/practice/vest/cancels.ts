import { z } from 'zod';
import { checkWindow, invalidParameter, isAuthorizedSigner } from './admission.ts';
import { refusal } from './codes.ts';
import type { VestRefusal } from './codes.ts';
import { cancelArgsHash, recoverSigner } from './signatures.ts';
import type { VestAccount, VestExchange } from './state.ts';

const stamp = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

const cancelBody = z.object({
  order: z.object({ time: stamp, nonce: stamp, id: z.string() }),
  recvWindow: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  signature: z.string().startsWith('0x'),
});

/** Checks of POST /orders/cancel on arrival; whether the order exists is seen when the cancel is processed. */
export function admitCancel(
  exchange: VestExchange,
  account: VestAccount,
  json: unknown,
  nowUs: number,
): { orderId: string } | VestRefusal {
  const parsed = cancelBody.safeParse(json);
  if (!parsed.success) return invalidParameter(parsed.error);
  const { order, recvWindow, signature } = parsed.data;
  const nowMs = Math.floor(nowUs / 1000);
  const late = checkWindow(exchange, order.time, recvWindow, nowMs);
  if (late) return late;
  const signer = recoverSigner(cancelArgsHash(order), signature);
  return isAuthorizedSigner(account, signer, nowMs) ? { orderId: order.id } : refusal(1022);
}
