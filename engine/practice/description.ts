import { parseE8 } from '../core/units.ts';
import type { FeeSchedule, PracticeAccounts } from './host.ts';
import type { LinkPreset } from './links/presets.ts';
import { SYSTEM_CONFIG } from './paradex/system-config.ts';
import type { Tape } from './tapes/load-tape.ts';
import type { SpreadSummary } from './tapes/spread.ts';
import { defaultVestSwitches } from './vest/switches.ts';

/** What `practice serve --json` prints: where the venues are, whose accounts they know, and what they play. */
export interface PracticeDescription {
  paradex: {
    restUrl: string;
    wsUrl: string;
    l1ChainId: string;
    starknetChainId: string;
    accounts: PracticeAccounts['paradex'];
  };
  /** `verifyingContract`: registrations are signed for it. */
  vest: { restUrl: string; wsUrl: string; verifyingContract: string; accounts: PracticeAccounts['vest'] };
  markets: { coin: string; paradex: string; vest: string }[];
  /** Changes with every start: accounts, books and ledgers begin anew. */
  instance: string;
  tape: {
    id: string;
    title: string;
    durationMs: number;
    atEnd: 'stop' | 'restart';
    /** Start of the first epoch; a tape that restarts begins again every `durationMs` from here. */
    startsAtWallMs: number;
    /** Absent when the tape starts over. */
    endsAtWallMs?: number;
    /** No new trades in the last part of an epoch, so that none is open when its prices end. */
    noEntriesLastMs: number;
    entryBps: number;
    exitBps: number;
    sizeE8: number;
    /** The tape's own executable touch spread, better direction, over all its quotes. */
    spreadBps: SpreadSummary;
  };
  network: string;
  link: { orderToAckMs: number; orderProcessingMs: number; description: string };
  /** Further addresses of the same venues over other lines (`--line`), for an engine that runs elsewhere. */
  otherLines: {
    network: string;
    orderToAckMs: number;
    paradex: { restUrl: string; wsUrl: string };
    vest: { restUrl: string; wsUrl: string };
  }[];
  fees: { kind: FeeSchedule['kind']; paradexTakerBps: number; vestTakerBps: number; roundTripBps: number };
  /** JSON about the venues' own health (how late they delivered); absent in a virtual run, which is never late. */
  statusUrl?: string;
}

/** Taker fees both venues publish (Paradex Pro, Vest), in bps of notional. */
const PUBLISHED_TAKER_BPS = { paradex: 4.5, vest: 1 };

const NO_ENTRIES_LAST_MS = 5_000;

export const PARADEX_MARKET_SUFFIX = '-USD-PERP';
export const VEST_MARKET_SUFFIX = '-PERP';

/** The same venues over one more line. */
export interface OtherLine {
  preset: LinkPreset;
  origins: { paradex: string; vest: string };
}

export interface DescriptionParts {
  instance: string;
  /** Origins such as http://127.0.0.1:7100. */
  origins: { paradex: string; vest: string };
  accounts: PracticeAccounts;
  tape: Tape;
  /** Of the tape; takes a tenth of a second to measure, so it is done before the tape starts. */
  spread: SpreadSummary;
  preset: LinkPreset;
  otherLines?: readonly OtherLine[];
  fees: FeeSchedule;
  atEnd: 'stop' | 'restart';
  epochUs: number;
  statusUrl?: string;
}

export function describePractice(parts: DescriptionParts): PracticeDescription {
  const { origins, accounts, tape, preset } = parts;
  const { coin } = tape.file;
  return {
    paradex: {
      ...paradexUrls(origins.paradex),
      l1ChainId: SYSTEM_CONFIG.l1_chain_id,
      starknetChainId: SYSTEM_CONFIG.starknet_chain_id,
      accounts: accounts.paradex,
    },
    vest: {
      ...vestUrls(origins.vest),
      verifyingContract: defaultVestSwitches.verifyingContract,
      accounts: accounts.vest,
    },
    markets: [{ coin, paradex: coin + PARADEX_MARKET_SUFFIX, vest: coin + VEST_MARKET_SUFFIX }],
    instance: parts.instance,
    tape: describeTape(parts),
    network: preset.id,
    link: {
      orderToAckMs: preset.orderToAckMs,
      orderProcessingMs: preset.orderProcessingMs,
      description: preset.description,
    },
    otherLines: (parts.otherLines ?? []).map((line) => ({
      network: line.preset.id,
      orderToAckMs: line.preset.orderToAckMs,
      paradex: paradexUrls(line.origins.paradex),
      vest: vestUrls(line.origins.vest),
    })),
    fees: describeFees(parts.fees),
    ...(parts.statusUrl === undefined ? {} : { statusUrl: parts.statusUrl }),
  };
}

function describeTape({ tape, spread, atEnd, epochUs }: DescriptionParts): PracticeDescription['tape'] {
  const durationMs = tape.durationUs / 1000;
  return {
    id: tape.file.id,
    title: tape.file.title,
    durationMs,
    atEnd,
    startsAtWallMs: epochUs / 1000,
    ...(atEnd === 'stop' ? { endsAtWallMs: epochUs / 1000 + durationMs } : {}),
    noEntriesLastMs: NO_ENTRIES_LAST_MS,
    entryBps: tape.file.thresholds.entry.bps,
    exitBps: tape.file.thresholds.exit.bps,
    sizeE8: parseE8(tape.file.defaultSize),
    spreadBps: spread,
  };
}

function describeFees(fees: FeeSchedule): PracticeDescription['fees'] {
  const { paradex, vest } = takerBps(fees);
  // A round trip pays the taker fee of each venue twice: entry and exit.
  return { kind: fees.kind, paradexTakerBps: paradex, vestTakerBps: vest, roundTripBps: 2 * (paradex + vest) };
}

function takerBps(fees: FeeSchedule): { paradex: number; vest: number } {
  switch (fees.kind) {
    case 'published':
      return PUBLISHED_TAKER_BPS;
    case 'zero':
      return { paradex: 0, vest: 0 };
    case 'custom':
      return { paradex: fees.paradexTakerBps, vest: fees.vestTakerBps };
  }
}

function paradexUrls(origin: string): { restUrl: string; wsUrl: string } {
  return { restUrl: `${origin}/v1`, wsUrl: `${webSocketOrigin(origin)}/v1` };
}

function vestUrls(origin: string): { restUrl: string; wsUrl: string } {
  return { restUrl: `${origin}/v2`, wsUrl: `${webSocketOrigin(origin)}/ws-api?version=1.0` };
}

function webSocketOrigin(origin: string): string {
  return origin.replace(/^http/, 'ws');
}
