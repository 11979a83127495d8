import { keccak256, toUtf8Bytes } from 'ethers';
import { z } from 'zod';
import { invalidParameter } from './admission.ts';
import { refusal } from './codes.ts';
import type { VestRefusal } from './codes.ts';
import { openAccount } from './create-exchange.ts';
import { recoverRegistrar } from './signatures.ts';
import type { VestExchange } from './state.ts';

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

const registerBody = z.object({
  signingAddr: address,
  primaryAddr: address,
  signature: z.string().startsWith('0x'),
  expiryTime: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  networkType: z.number().int(),
});

/** POST /register: proves with the primary key's signature that the signing key may trade for it. */
export function register(
  exchange: VestExchange,
  json: unknown,
  nowUs: number,
): { apiKey: string; accGroup: number } | VestRefusal {
  const parsed = registerBody.safeParse(json);
  if (!parsed.success) return invalidParameter(parsed.error);
  const body = parsed.data;
  const { switches } = exchange;
  if (body.networkType !== 0) return refusal(1024);
  const nowMs = nowUs / 1000;
  if (body.expiryTime <= nowMs) return refusal(1130, 'expiryTime has passed');
  if (body.expiryTime > nowMs + switches.maxSignerExpiryMs) return refusal(1130, 'expiryTime is too far ahead');
  const signingAddress = body.signingAddr.toLowerCase();
  const primaryAddress = body.primaryAddr.toLowerCase();
  const proof = {
    approvedSigner: signingAddress,
    signerExpiryMs: body.expiryTime,
    verifyingContract: switches.verifyingContract,
  };
  if (recoverRegistrar(proof, body.signature) !== primaryAddress) return refusal(1022);
  if (!exchange.accounts.has(primaryAddress) && switches.unknownPrimary === 'reject') return refusal(1099);

  const account = openAccount(exchange, primaryAddress);
  const earlier = account.signers.get(signingAddress);
  const rotates = earlier !== undefined && switches.reRegisterRotatesApiKey;
  if (rotates) exchange.accountByApiKey.delete(earlier.apiKey);
  const apiKey = earlier && !rotates ? earlier.apiKey : newApiKey(primaryAddress, signingAddress, nowUs);
  account.signers.set(signingAddress, { expiryMs: body.expiryTime, apiKey });
  exchange.accountByApiKey.set(apiKey, account);
  return { apiKey, accGroup: switches.accountGroup };
}

/** A practice key needs no secrecy, only to differ. */
function newApiKey(primaryAddress: string, signingAddress: string, nowUs: number): string {
  return keccak256(toUtf8Bytes(`${primaryAddress} ${signingAddress} ${nowUs}`)).slice(2);
}
