import type { KeyTest, ParadexTradingKey, VestTradingKey } from '../../engine/protocol/accounts.ts';
import type { ParadexEndpoint, VestEndpoint } from '../../engine/protocol/endpoints.ts';
import { askAccounts } from '../engines/accounts-client.ts';
import type { ProcessLauncher } from '../engines/launcher.ts';

/** What the venues are asked about keys. All reject with HalfspreadError: the venue's refusal, or that it was not reached. */
export interface VenueAccounts {
  /** Read-only. */
  testParadex(endpoint: ParadexEndpoint, key: ParadexTradingKey, signal: AbortSignal): Promise<KeyTest>;
  /** Read-only. */
  testVest(endpoint: VestEndpoint, key: VestTradingKey, signal: AbortSignal): Promise<KeyTest>;
  /** What makes or revokes a key takes no signal: cut off half-way, what it did would be unknown. */
  makeSubkey(
    endpoint: ParadexEndpoint,
    mainKey: ParadexTradingKey,
    name: string,
  ): Promise<{ key: ParadexTradingKey; publicKey: string; test: KeyTest }>;
  revokeSubkey(endpoint: ParadexEndpoint, mainKey: ParadexTradingKey, publicKey: string): Promise<void>;
  /** @param expiresAt Unix ms */
  register(
    endpoint: VestEndpoint,
    primaryKey: string,
    expiresAt: number,
  ): Promise<{ key: VestTradingKey; test: KeyTest }>;
}

/** @param script Programs.accounts */
export function createVenueAccounts(launcher: ProcessLauncher, script: string): VenueAccounts {
  return {
    testParadex: (endpoint, key, signal) =>
      askAccounts(launcher, script, { task: 'paradex.test', endpoint, key }, { signal }),
    testVest: (endpoint, key, signal) =>
      askAccounts(launcher, script, { task: 'vest.test', endpoint, key }, { signal }),
    makeSubkey: (endpoint, mainKey, name) =>
      askAccounts(launcher, script, { task: 'paradex.makeSubkey', endpoint, mainKey, name }),
    async revokeSubkey(endpoint, mainKey, publicKey) {
      await askAccounts(launcher, script, { task: 'paradex.revokeSubkey', endpoint, mainKey, publicKey });
    },
    register: (endpoint, primaryKey, expiresAt) =>
      askAccounts(launcher, script, { task: 'vest.register', endpoint, primaryKey, expiresAt }),
  };
}
