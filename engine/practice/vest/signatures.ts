import { AbiCoder, getBytes, keccak256, verifyMessage, verifyTypedData } from 'ethers';

const ORDER_TYPES = ['uint256', 'uint256', 'string', 'string', 'bool', 'string', 'string', 'bool'];
const CANCEL_TYPES = ['uint256', 'uint256', 'string'];
const LEVERAGE_TYPES = ['uint256', 'uint256', 'string', 'uint256'];
const SIGNER_PROOF = {
  SignerProof: [
    { name: 'approvedSigner', type: 'address' },
    { name: 'signerExpiry', type: 'uint256' },
  ],
};

/** The signed fields of an order, exactly as in the request's body. */
export interface SignedOrderFields {
  time: number;
  nonce: number;
  orderType: string;
  symbol: string;
  isBuy: boolean;
  size: string;
  limitPrice: string;
  reduceOnly: boolean;
}

/** keccak256 of the standard ABI encoding: what the client signs as 32 raw bytes (EIP-191). */
export function orderArgsHash(order: SignedOrderFields): string {
  return argsHash(ORDER_TYPES, [
    order.time,
    order.nonce,
    order.orderType,
    order.symbol,
    order.isBuy,
    order.size,
    order.limitPrice,
    order.reduceOnly,
  ]);
}

export function cancelArgsHash(cancel: { time: number; nonce: number; id: string }): string {
  return argsHash(CANCEL_TYPES, [cancel.time, cancel.nonce, cancel.id]);
}

/** Seen in one client only; see the switch `leverageSignature`. */
export function leverageArgsHash(call: { time: number; nonce: number; symbol: string; value: number }): string {
  return argsHash(LEVERAGE_TYPES, [call.time, call.nonce, call.symbol, call.value]);
}

/** Lower-case address that signed `hash` as 32 raw bytes; undefined when the signature is malformed. */
export function recoverSigner(hash: string, signature: string): string | undefined {
  return recovered(() => verifyMessage(getBytes(hash), signature));
}

/** Lower-case address that signed the delegation of `approvedSigner` (EIP-712 domain without chain id and salt). */
export function recoverRegistrar(
  proof: { approvedSigner: string; signerExpiryMs: number; verifyingContract: string },
  signature: string,
): string | undefined {
  const domain = { name: 'VestRouterV2', version: '0.0.1', verifyingContract: proof.verifyingContract };
  const message = { approvedSigner: proof.approvedSigner, signerExpiry: proof.signerExpiryMs };
  return recovered(() => verifyTypedData(domain, SIGNER_PROOF, message, signature));
}

function argsHash(types: string[], values: unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}

function recovered(recover: () => string): string | undefined {
  try {
    return recover().toLowerCase();
  } catch {
    // ethers throws on bytes that are no signature at all: to a venue that is just a wrong signature.
    return undefined;
  }
}
