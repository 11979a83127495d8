import type { Network } from '../../env.ts';
import { fetchSystemConfig, fetchSystemState } from './rest.ts';

/** What orders of each published environment are signed for. */
const PUBLISHED_CHAIN_IDS = {
  production: 'PRIVATE_SN_PARACLEAR_MAINNET',
  testnet: 'PRIVATE_SN_POTC_SEPOLIA',
} as const;

export const API_GENERATION = 'v1';

/**
 * The chain id orders are signed for. Known for the published environments, so that nobody at their address can make the
 * engine sign for another one; asked of a custom address.
 */
export async function starknetChainId(
  network: Network,
  endpoint: { network: 'production' | 'testnet' | 'custom'; restUrl: string },
): Promise<string> {
  if (endpoint.network !== 'custom') return PUBLISHED_CHAIN_IDS[endpoint.network];
  return (await fetchSystemConfig(network, endpoint.restUrl)).starknet_chain_id;
}

export interface ParadexReadiness {
  /** What answers signs for the chain that this engine signs for. */
  usable: boolean;
  open: boolean;
  detail: string;
}

/** Read-only and public: whether the venue is the one orders are signed for, and whether it takes orders. */
export async function paradexReadiness(
  network: Network,
  restUrl: string,
  chainId: string | undefined,
): Promise<ParadexReadiness> {
  const [config, state] = await Promise.all([fetchSystemConfig(network, restUrl), fetchSystemState(network, restUrl)]);
  if (chainId !== undefined && config.starknet_chain_id !== chainId) {
    const detail = `Its orders are signed for ${config.starknet_chain_id}, ours for ${chainId}: the address is of another environment.`;
    return { usable: false, open: false, detail };
  }
  const open = state.status === 'ok';
  const detail = open
    ? `API ${API_GENERATION} answers, chain ${config.starknet_chain_id}, and takes orders.`
    : `API ${API_GENERATION} answers; its state is ${state.status}.`;
  return { usable: true, open, detail };
}
