import { Wallet, computeAddress } from 'ethers';
import type { VestRegisterBody } from './wire.ts';

/** EIP-712 verifying contracts of Vest's two environments (official documentation). */
export const VEST_VERIFYING_CONTRACTS = {
  production: '0x919386306C47b2Fe1036e3B4F7C40D22D2461a23',
  development: '0x8E4D87AEf4AC4D5415C35A12319013e34223825B',
} as const;

/** EVM; no other network type is confirmed. */
const NETWORK_TYPE_EVM = 0;

export const SIGNER_PROOF_TYPES = {
  SignerProof: [
    { name: 'approvedSigner', type: 'address' },
    { name: 'signerExpiry', type: 'uint256' },
  ],
};

/** The domain has these three fields and no others: no chainId, no salt. */
export function signerProofDomain(verifyingContract: string): {
  name: string;
  version: string;
  verifyingContract: string;
} {
  return { name: 'VestRouterV2', version: '0.0.1', verifyingContract };
}

/**
 * Body of POST /register: the primary key (needed here alone) approves the signing key until `expiryMs` (ms since the
 * epoch; Vest's documentation uses now + 7 days). Addresses travel in lower case.
 */
export async function registerBody(options: {
  primaryKey: string;
  signingKey: string;
  expiryMs: number;
  verifyingContract: string;
}): Promise<VestRegisterBody> {
  const primary = new Wallet(options.primaryKey);
  const signingAddr = computeAddress(options.signingKey).toLowerCase();
  const signature = await primary.signTypedData(signerProofDomain(options.verifyingContract), SIGNER_PROOF_TYPES, {
    approvedSigner: signingAddr,
    signerExpiry: options.expiryMs,
  });
  return {
    signingAddr,
    primaryAddr: primary.address.toLowerCase(),
    signature,
    expiryTime: options.expiryMs,
    networkType: NETWORK_TYPE_EVM,
  };
}
