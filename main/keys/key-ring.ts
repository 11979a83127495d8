import type { TradingKeys } from '../../engine/protocol/accounts.ts';
import type { VenueEndpoints } from '../../engine/protocol/endpoints.ts';
import type { KeyRecord } from './key-record.ts';

/** The operator's trading keys: records for everybody to read, secrets for who starts an engine. */
export interface KeyRing {
  /** Every key known, newest first, without its secret. */
  records(): readonly KeyRecord[];
  /** The keys in use at these addresses, without their secrets: what an arming dialog shows. Absent: there is none. */
  inUse(endpoints: VenueEndpoints): { paradex?: KeyRecord; vest?: KeyRecord };
  /**
   * The secrets of the keys in use at these addresses; straight into the engine's hand-over, kept nowhere else.
   * @throws HalfspreadError HS_KEY_MISSING (names the venue), HS_KEY_EXPIRED, HS_KEY_GONE (deleted from its storage
   * by somebody else), HS_KEYCHAIN_* (storage refused, locked, or does not answer)
   */
  tradingKeys(endpoints: VenueEndpoints): Promise<TradingKeys>;
}
