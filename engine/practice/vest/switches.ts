/**
 * Every point of the Vest v2 protocol that no public source proves, and every engineering choice of this venue, by name.
 * "Unconfirmed" in a description means: nobody outside knows what the live venue does here.
 */
export interface VestPracticeSwitches {
  /** USDC of every account at its start, whole units. */
  startingBalanceUsdc: number;
  /** Unconfirmed for wallets the venue has never seen: `create` gives them an account (practice), `reject` answers 1099. */
  unknownPrimary: 'create' | 'reject';
  /** Unconfirmed: whether registering the same pair of keys again replaces its API key. */
  reRegisterRotatesApiKey: boolean;
  /** Unconfirmed: whether the API key of a registration that has run out still reads the account. Its orders are refused. */
  expiredApiKey: 'accepted' | 'refused';
  /** Unconfirmed: how far ahead a signing key's expiry may lie. */
  maxSignerExpiryMs: number;
  /** The account group `/register` answers; 0 in every published sample. */
  accountGroup: number;
  /** Routing header on private calls. Clients all send it; `ignored` takes calls without it. */
  routingHeader: 'required' | 'ignored';
  /** Query parameter `xwebsocketserver`; `ignored` takes sockets without it. */
  socketGroup: 'required' | 'ignored';
  /** `time` in the query of private GETs. */
  timeQuery: 'required' | 'ignored';
  /** `detail`: {"detail":{"code","msg"}}, seen live by two clients. `flat`: {"code","msg"}, the documentation's. */
  errorEnvelope: 'detail' | 'flat';
  /** Unconfirmed: the order in which the checks of an order run; each check runs once. */
  orderChecks: readonly OrderCheck[];
  /** Unconfirmed: whether LIMIT with IOC is taken (one live bot traded so; undocumented) or refused with 1133. */
  iocAccepted: boolean;
  /** Unconfirmed: `timeInForce` on a MARKET order is ignored or refused with 1133. */
  timeInForceOnMarket: 'ignored' | 'rejected';
  /** Unconfirmed: a LIMIT without `timeInForce` is GTC, or refused with 1133. */
  missingTimeInForce: 'GTC' | 'rejected';
  /** Documented default of `recvWindow`. */
  defaultRecvWindowMs: number;
  /** Unconfirmed: above it 1131. Clients were seen to use 5000, 10000 and 60000. */
  maxRecvWindowMs: number;
  /** Unconfirmed: `time` further in the venue's future than this is 1131. */
  maxFutureTimeMs: number;
  /** Unconfirmed: besides the whole tuple (3015), whether the nonce alone must be new or must grow (1023). */
  nonceRule: 'any' | 'unique' | 'increasing';
  /** Unconfirmed length; 32 bytes = 64 hex digits. */
  orderIdBytes: number;
  /** Unconfirmed: whether an order that is refused after its 200 is first announced with NEW. */
  newEventBeforeRejection: boolean;
  /** Unconfirmed: end of a MARKET order of which nothing could be filled within `limitPrice`. */
  marketMiss: 'REJECTED' | 'CANCELLED';
  /** Unconfirmed: end of an IOC or FOK order of which nothing could be filled within `limitPrice`. */
  limitMiss: 'REJECTED' | 'CANCELLED';
  /** Unconfirmed: a LIMIT whose price the index touched, but whose price including impact is worse, waits on or ends (3001). */
  touchedLimitMiss: 'wait' | 'REJECTED';
  /**
   * `whole`: one fill an order at the average price of the levels it walked, rounded against the taker to the price's
   * decimals (an AMM quotes one price including impact). `level`: one event per level. Unconfirmed.
   */
  fillReports: 'whole' | 'level';
  /** Part of orders whose events leave before the HTTP answer; the rest leave after it. Not measured. */
  eventBeforeAnswerShare: number;
  /** An order matched this long after the book's last update is refused with 3003. */
  priceStaleMs: number;
  /** Highest leverage of every market; its inverse is the market's initMarginRatio. */
  maxLeverage: number;
  /** Leverage of a symbol whose leverage was never set. Unconfirmed. */
  defaultLeverage: number;
  /** Unconfirmed: whether an order before the first leverage call is refused with 3020. */
  leverageMustBeSet: boolean;
  /** Unconfirmed: one client signs the leverage call, the documentation does not. */
  leverageSignature: 'ignored' | 'required';
  /** Part of notional charged on top of the fee when a trade adds to a position, in bps; reported inside `fees`. */
  riskPremiumBps: number;
  /** Hourly funding rate (0.00001 = 0.1 bp an hour); 0 = funding off. */
  oneHourFundingRate: number;
  /** Documented: 60 minutes. */
  listenKeyTtlMs: number;
  /** Unconfirmed: whether an open private socket is closed (4005) when its listen key runs out. */
  closeOnListenKeyExpiry: boolean;
  /** Frames are binary with UTF-8 JSON (two live clients decode them so) or text. */
  binaryFrames: boolean;
  /** Unconfirmed: whether PONG repeats the `id` of PING. */
  pongRepeatsId: boolean;
  /** Levels a side in each `@depth` message. */
  depthLevels: number;
  /**
   * A depth message is sent on each change of the recorded touch, at most this often. 50 keeps the feed lively and bounded;
   * 300 is the median gap measured on the successor API (v3).
   */
  depthIntervalMs: number;
  /** Longest silence of `@depth` while the recorded book changes only below the touch. */
  depthMaxSilenceMs: number;
  /** Unconfirmed: whether SUBSCRIBE to `@depth` is followed at once by a snapshot. */
  snapshotOnSubscribe: boolean;
  /** Period of `tickers`; 750 was measured on v3. */
  tickerIntervalMs: number;
  /** Unconfirmed: silence of a client after which its socket is closed with 1000; 0 = never. */
  socketIdleTimeoutMs: number;
  /** Unconfirmed: order of the array of GET /orders. */
  ordersSort: 'newestFirst' | 'oldestFirst';
  /** The contract named in the registration's domain: production's. */
  verifyingContract: string;
}

/** One group of checks made before the HTTP answer. */
export type OrderCheck =
  'shape' | 'symbol' | 'orderType' | 'timeInForce' | 'decimals' | 'window' | 'signature' | 'duplicate' | 'marketOpen';

export const defaultVestSwitches: VestPracticeSwitches = {
  startingBalanceUsdc: 1_000_000,
  unknownPrimary: 'create',
  reRegisterRotatesApiKey: false,
  expiredApiKey: 'accepted',
  maxSignerExpiryMs: Number.POSITIVE_INFINITY,
  accountGroup: 0,
  routingHeader: 'required',
  socketGroup: 'required',
  timeQuery: 'required',
  errorEnvelope: 'detail',
  orderChecks: [
    'shape',
    'symbol',
    'orderType',
    'timeInForce',
    'decimals',
    'window',
    'signature',
    'duplicate',
    'marketOpen',
  ],
  iocAccepted: true,
  timeInForceOnMarket: 'ignored',
  missingTimeInForce: 'GTC',
  defaultRecvWindowMs: 5_000,
  maxRecvWindowMs: 60_000,
  maxFutureTimeMs: 1_000,
  nonceRule: 'any',
  orderIdBytes: 32,
  newEventBeforeRejection: true,
  marketMiss: 'REJECTED',
  limitMiss: 'CANCELLED',
  touchedLimitMiss: 'wait',
  fillReports: 'whole',
  eventBeforeAnswerShare: 0.5,
  priceStaleMs: 10_000,
  maxLeverage: 50,
  defaultLeverage: 10,
  leverageMustBeSet: false,
  leverageSignature: 'ignored',
  riskPremiumBps: 0,
  oneHourFundingRate: 0,
  listenKeyTtlMs: 3_600_000,
  closeOnListenKeyExpiry: true,
  binaryFrames: true,
  pongRepeatsId: false,
  depthLevels: 20,
  depthIntervalMs: 50,
  depthMaxSilenceMs: 1_000,
  snapshotOnSubscribe: true,
  tickerIntervalMs: 750,
  socketIdleTimeoutMs: 0,
  ordersSort: 'newestFirst',
  verifyingContract: '0x919386306C47b2Fe1036e3B4F7C40D22D2461a23',
};
