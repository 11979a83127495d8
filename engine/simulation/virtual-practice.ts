import type { Disk } from '../env.ts';
import { describePractice, type PracticeDescription } from '../practice/description.ts';
import type { FeeSchedule } from '../practice/host.ts';
import { linkPreset } from '../practice/links/presets.ts';
import { createInlineVerifier } from '../practice/paradex/signatures/verifier.ts';
import { shippedTapesFolder, tapeFolder } from '../practice/tapes/catalogue.ts';
import { loadTape } from '../practice/tapes/load-tape.ts';
import { summarizeSpread } from '../practice/tapes/spread.ts';
import { createVenuePair, type VenuePair } from '../practice/venue-pair.ts';
import { createVirtualEnv, type VirtualEnv } from './virtual-env.ts';
import type { VirtualRoute } from './virtual-network.ts';

export interface VirtualPracticeOptions {
  tape: string;
  network: string;
  fees: FeeSchedule;
  seed: number;
  tapesFolder?: string;
  disk?: Disk;
}

export interface VirtualPractice extends VirtualEnv {
  /** As the real process prints it; the addresses are known to this run's network only. */
  description: PracticeDescription;
  venues: VenuePair;
}

const PARADEX_HOST = 'paradex.practice';
const VEST_HOST = 'vest.practice';

/** Wall clock of every virtual run's start, 2024-08-08T23:54:16Z, when the recording was made: runs are comparable to the ms. */
const START_WALL_MS = Date.UTC(2024, 7, 8, 23, 54, 16);

/**
 * Both practice venues on a virtual clock, the tape playing from time 0 and stopping at its end. The same options give the
 * same run.
 * @throws HalfspreadError HS_TAPE_*, HS_NETWORK_UNKNOWN
 */
export function createVirtualPractice(options: VirtualPracticeOptions): VirtualPractice {
  const preset = linkPreset(options.network);
  const tape = loadTape(tapeFolder(options.tape, options.tapesFolder ?? shippedTapesFolder()));
  const routes = new Map<string, VirtualRoute>();
  const virtual = createVirtualEnv({ seed: options.seed, startWallMs: START_WALL_MS, routes, disk: options.disk });
  const epochUs = virtual.host.nowUs();
  const venues = createVenuePair({
    host: virtual.host,
    tape,
    preset,
    fees: options.fees,
    seed: options.seed,
    verifier: createInlineVerifier(),
    atEnd: 'stop',
  });
  routes.set(PARADEX_HOST, { endpoint: venues.paradex, link: preset.legs.paradex });
  routes.set(VEST_HOST, { endpoint: venues.vest, link: preset.legs.vest });
  const description = describePractice({
    instance: `virtual-${options.seed}`,
    origins: { paradex: `http://${PARADEX_HOST}`, vest: `http://${VEST_HOST}` },
    accounts: venues.accounts,
    tape,
    spread: summarizeSpread(tape),
    preset,
    fees: options.fees,
    atEnd: 'stop',
    epochUs,
  });
  venues.player.start(epochUs);
  return { ...virtual, description, venues };
}
