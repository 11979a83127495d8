import { HalfspreadError } from '../../core/errors.ts';
import type { FeeSchedule, PracticeAccounts } from '../host.ts';
import type { ReplayedMarket } from '../market.ts';
import { addressOfKey } from './accounts.ts';
import { updateIndex } from './ledger.ts';
import type { VestAccount, VestExchange, VestMarket } from './state.ts';
import type { VestPracticeSwitches } from './switches.ts';

/** Vest's published taker fee: 1 basis point. */
const PUBLISHED_TAKER_BPS = 1;

export interface VestExchangeOptions {
  markets: { symbol: string; market: ReplayedMarket }[];
  accounts: PracticeAccounts['vest'];
  fees: FeeSchedule;
  orderProcessingUs: number;
  ackToFillLagUs: number;
  switches: VestPracticeSwitches;
  nowUs: number;
}

/** The venue at its start: every given account registered and funded, nothing traded. */
export function createVestExchange(options: VestExchangeOptions): VestExchange {
  const exchange: VestExchange = {
    switches: options.switches,
    takerFeeE8: Math.round(takerBps(options.fees) * 10_000),
    orderProcessingUs: options.orderProcessingUs,
    ackToFillLagUs: options.ackToFillLagUs,
    markets: new Map(options.markets.map((entry) => [entry.symbol, createMarket(entry, options.nowUs)])),
    accounts: new Map(),
    accountByApiKey: new Map(),
    ordersById: new Map(),
    fills: [],
  };
  for (const keys of options.accounts) {
    const account = openAccount(exchange, addressOfKey(keys.primaryPrivateKey));
    const signer = { expiryMs: Number.POSITIVE_INFINITY, apiKey: keys.apiKey };
    account.signers.set(addressOfKey(keys.signingPrivateKey), signer);
    exchange.accountByApiKey.set(keys.apiKey, account);
  }
  return exchange;
}

/** The account of a lower-case primary address, created and funded when there is none. */
export function openAccount(exchange: VestExchange, primaryAddress: string): VestAccount {
  const known = exchange.accounts.get(primaryAddress);
  if (known) return known;
  const account: VestAccount = {
    primaryAddress,
    signers: new Map(),
    balanceE8: BigInt(Math.round(exchange.switches.startingBalanceUsdc * 1e6)) * 100n,
    positions: new Map(),
    leverages: new Map(),
    orders: [],
    usedTuples: new Set(),
    usedNonces: new Set(),
    lastNonce: 0,
  };
  exchange.accounts.set(primaryAddress, account);
  return account;
}

function takerBps(fees: FeeSchedule): number {
  switch (fees.kind) {
    case 'published':
      return PUBLISHED_TAKER_BPS;
    case 'zero':
      return 0;
    case 'custom':
      return fees.vestTakerBps;
  }
}

function createMarket(entry: { symbol: string; market: ReplayedMarket }, nowUs: number): VestMarket {
  const { symbol, market } = entry;
  if (market.priceDecimals + market.sizeDecimals > 8) {
    throw new HalfspreadError(
      'HS_PRACTICE_DECIMALS',
      `${symbol}: ${market.priceDecimals} price and ${market.sizeDecimals} size decimals are more than 8 together, so money would not be exact.`,
      'Lower priceDecimals or sizeDecimals of this market in tape.json.',
    );
  }
  const created: VestMarket = {
    symbol,
    replay: market,
    lastUpdateUs: nowUs,
    indexE8: 0,
    cumFundingE16: 0n,
    resting: new Set(),
  };
  updateIndex(created);
  return created;
}
