import { pedersenOfList, selector, shortString, toHex } from './signatures/felts.ts';

/**
 * `GET /system/config` of the practice venue. Chain ids and class hashes are those of Paradex's public test network, so that
 * any client derives the same keys and addresses; a signature made here is worthless on the real exchange.
 */
export const SYSTEM_CONFIG = {
  starknet_gateway_url: '',
  starknet_fullnode_rpc_url: '',
  starknet_chain_id: 'PRIVATE_SN_POTC_SEPOLIA',
  block_explorer_url: '',
  paraclear_address: '0x286003f7c7bfc3f94e8f0af48b48302e7aee2fb13c23b141479ba00832ef2c6',
  paraclear_decimals: 8,
  paraclear_account_proxy_hash: '0x3530cc4759d78042f1b543bf797f5f3d647cde0388c33734cf91b7f7b9314a9',
  paraclear_account_hash: '0x41cb0280ebadaa75f996d8d92c6f265f6d040bb3ba442e5f86a554f1765244e',
  paraclear_evm_account_hash: '0x073414441639dcd11d1846f287650a00c60c416b9d3ba45d31c651672125b2c2',
  oracle_address: '',
  bridged_tokens: [],
  l1_chain_id: '11155111',
  liquidation_fee: '0.2',
  environment: 'testnet',
} as const;

/** Contract addresses on Starknet lie below this. */
const ADDRESS_BOUND = (1n << 251n) - 256n;

/** Address of the account whose owner is this Stark key (0x hex), by the class hashes above. */
export function addressOfPublicKey(publicKey: string): string {
  const owner = BigInt(publicKey);
  return contractAddress(owner, BigInt(SYSTEM_CONFIG.paraclear_account_proxy_hash), [
    BigInt(SYSTEM_CONFIG.paraclear_account_hash),
    selector('initialize'),
    2n,
    owner,
    0n,
  ]);
}

/** Address of the account whose owner is an Ethereum address. */
export function addressOfEthAddress(ethAddress: string): string {
  const owner = BigInt(ethAddress);
  return contractAddress(owner, BigInt(SYSTEM_CONFIG.paraclear_evm_account_hash), [3n, owner, 1n]);
}

function contractAddress(salt: bigint, classHash: bigint, calldata: bigint[]): string {
  const fields = [shortString('STARKNET_CONTRACT_ADDRESS'), 0n, salt, classHash, pedersenOfList(calldata)];
  return toHex(pedersenOfList(fields) % ADDRESS_BOUND);
}

/** Lower-case 0x hex without leading zeros; undefined for anything that is no field element. */
export function normalizeHex(text: string | undefined): string | undefined {
  return text !== undefined && /^0x[0-9a-fA-F]{1,64}$/.test(text) ? toHex(BigInt(text)) : undefined;
}
