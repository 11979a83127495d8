import { randomUUID } from 'node:crypto';
import type { HalfspreadError } from '../core/errors.ts';
import { describePractice, type OtherLine, type PracticeDescription } from './description.ts';
import type { FeeSchedule } from './host.ts';
import type { ListenAddress } from './links/listen.ts';
import { linkPreset, type LinkPreset } from './links/presets.ts';
import type { TcpLink } from './links/tcp-link.ts';
import { parseListen } from './options.ts';
import type { LatenessReport as SignatureLateness } from './paradex/lateness.ts';
import { createWorkerVerifier } from './paradex/signatures/verify-worker.ts';
import { startLinkedServer } from './server/linked-server.ts';
import { createRealPracticeHost } from './server/practice-host.ts';
import { startStatusServer } from './server/status-server.ts';
import { shippedTapesFolder, tapeFolder } from './tapes/catalogue.ts';
import { loadTape } from './tapes/load-tape.ts';
import { summarizeSpread } from './tapes/spread.ts';
import type { PracticeVenueId } from './tapes/tape-file.ts';
import { Lateness, type LatenessReport } from './timing/lateness.ts';
import { RealSchedule } from './timing/real-schedule.ts';
import { createVenuePair } from './venue-pair.ts';

export interface StartPracticeOptions {
  /** Id of a tape, or path of a folder with a tape.json. */
  tape: string;
  /** Id of a link preset. */
  network: string;
  /** More link presets: each gives further addresses of the same venues, for an engine that runs elsewhere. */
  otherNetworks?: readonly string[];
  fees: FeeSchedule;
  /** HOST or HOST:PORT (Paradex's port, Vest's is the next); default: free ports on 127.0.0.1. */
  listen?: string;
  /** Of accounts, delays and the venues' randomness. */
  seed?: number;
  /** Default `restart`. */
  atEnd?: 'stop' | 'restart';
  tapesFolder?: string;
  /** The tape has ended and the markets are closed. */
  onEnd?(): void;
  /** The venues cannot go on (their signature worker died). */
  onFailure?(error: HalfspreadError): void;
}

/** How late the venues' process itself was: its share in every figure measured against it. */
export interface PracticeLateness {
  paradex: { toVenue: LatenessReport; fromVenue: LatenessReport };
  vest: { toVenue: LatenessReport; fromVenue: LatenessReport };
  /** Delivery of recorded updates: the delay of this process's event loop. */
  tape: LatenessReport;
  signatureChecks: SignatureLateness;
  /** True when a p99 is above 5 ms: figures of the run are then not trustworthy to the millisecond. */
  exceedsBar: boolean;
}

export interface PracticeVenues {
  description: PracticeDescription;
  lateness(): PracticeLateness;
  stop(): Promise<void>;
}

const LATENESS_BAR_MS = 5;

/**
 * Starts both practice venues on real sockets: servers on loopback, the network's links in front of them, the tape playing.
 * @throws HalfspreadError HS_TAPE_*, HS_NETWORK_UNKNOWN, HS_BAD_OPTION, HS_LISTEN_BUSY, HS_LISTEN
 */
export async function startPracticeVenues(options: StartPracticeOptions): Promise<PracticeVenues> {
  const { fees, seed = 1, atEnd = 'restart' } = options;
  const preset = linkPreset(options.network);
  const otherPresets = (options.otherNetworks ?? []).map(linkPreset);
  const addresses = parseListen(options.listen ?? '127.0.0.1');
  const tape = loadTape(tapeFolder(options.tape, options.tapesFolder ?? shippedTapesFolder()));
  const spread = summarizeSpread(tape);

  const closers: (() => void | Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const schedule = new RealSchedule();
    closers.push(() => schedule.stop());

    const verifier = createWorkerVerifier((error) => options.onFailure?.(error), verifierEntry());
    closers.push(() => verifier.close());

    const host = createRealPracticeHost(schedule, seed);
    const tapeLateness = new Lateness();
    const pair = createVenuePair({
      host,
      tape,
      preset,
      fees,
      seed,
      verifier,
      atEnd,
      onTapeLateness: (lateUs) => tapeLateness.record(lateUs),
    });
    closers.push(() => pair.stop());
    if (options.onEnd) pair.player.onEnd(options.onEnd);

    const serve = async (
      venue: PracticeVenueId,
      { legs }: LinkPreset,
      listen: ListenAddress,
      venueSeed: number,
    ): Promise<TcpLink> => {
      const leg = legs[venue];
      const link = await startLinkedServer({ endpoint: pair[venue], leg, listen, schedule, seed: venueSeed });
      closers.push(() => link.close());
      return link;
    };
    const paradex = await serve('paradex', preset, addresses.paradex, seed);
    const vest = await serve('vest', preset, addresses.vest, seed + 2);
    const otherLines: OtherLine[] = [];
    for (const [index, other] of otherPresets.entries()) {
      // Ports are the system's choice: only the first line's may be asked for.
      const host = addresses.paradex.host;
      const lineSeed = seed + 4 * (index + 1);
      otherLines.push({
        preset: other,
        origins: {
          paradex: originOf(await serve('paradex', other, { host, port: 0 }, lineSeed)),
          vest: originOf(await serve('vest', other, { host, port: 0 }, lineSeed + 2)),
        },
      });
    }

    const lateness = (): PracticeLateness => {
      const late = { paradex: paradex.lateness(), vest: vest.lateness(), tape: tapeLateness.report() };
      const reports = [...Object.values(late.paradex), ...Object.values(late.vest), late.tape];
      const exceedsBar = reports.some((report) => report.p99Ms > LATENESS_BAR_MS);
      return { ...late, signatureChecks: pair.paradex.lateness(), exceedsBar };
    };
    const status = await startStatusServer(() => ({
      lateness: lateness(),
      tape: { positionMs: pair.player.positionMs(), endsAtWallMs: pair.player.endsAtUs() / 1000 },
    }));
    closers.push(() => status.close());

    const description = describePractice({
      instance: randomUUID(),
      origins: { paradex: originOf(paradex), vest: originOf(vest) },
      accounts: pair.accounts,
      tape,
      spread,
      preset,
      otherLines,
      fees,
      atEnd,
      epochUs: host.nowUs(),
      statusUrl: status.url,
    });
    pair.player.start(description.tape.startsAtWallMs * 1000);
    return { description, lateness, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function originOf(link: TcpLink): string {
  return `http://${link.host}:${link.port}`;
}

/** A bundle keeps the worker in a file beside itself; from the sources the worker's own module is its entry. */
function verifierEntry(): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL('./verify-worker.mjs', import.meta.url);
}
