import type { PracticeHost } from '../host.ts';
import type { ReplayedMarket } from '../market.ts';
import type { Tape } from './load-tape.ts';
import { TapeReplayedMarket } from './replayed-market.ts';
import type { PracticeVenueId } from './tape-file.ts';

export interface TapePlayerOptions {
  tape: Tape;
  host: PracticeHost;
  /** `stop` closes the markets at the tape's end, `restart` plays it again as a new epoch with new books. */
  atEnd: 'stop' | 'restart';
  /** Called for every delivered update with how late it was, in microseconds. */
  onLateness?(lateUs: number): void;
}

export interface TapePlayer {
  readonly markets: Record<PracticeVenueId, ReplayedMarket>;
  /**
   * Plays the tape's first update at `epochUs` of the host's clock; with an epoch of now the markets are open when it
   * returns.
   */
  start(epochUs: number): void;
  stop(): void;
  /** Called when the tape ended and the markets are closed; not on a restart. */
  onEnd(listener: () => void): void;
  /** Where in the tape the present epoch is; NaN before the start. */
  positionMs(): number;
  /** End of the present epoch on the host's clock. */
  endsAtUs(): number;
}

/**
 * Plays a tape on the host's clock. One timer is armed at a time, for an absolute time; everything due by then is
 * delivered in that turn, in recorded order (bursts of 62 messages in one millisecond occur).
 */
export function createTapePlayer(options: TapePlayerOptions): TapePlayer {
  const { tape, host } = options;
  const markets = {
    paradex: new TapeReplayedMarket(tape.file.coin, tape.markets.paradex, host),
    vest: new TapeReplayedMarket(tape.file.coin, tape.markets.vest, host),
  };
  const tracks = tracksOf(tape, markets);
  const endListeners: (() => void)[] = [];
  let epochUs = Number.NaN;
  let epoch = 0;
  let cancelTimer: (() => void) | undefined;

  const deliverDue = (): void => {
    const nowUs = host.nowUs();
    let next = earliest(tracks);
    while (next && epochUs + next.nextTimeUs() <= nowUs) {
      options.onLateness?.(nowUs - epochUs - next.nextTimeUs());
      next.playNext(epochUs);
      next = earliest(tracks);
    }
    if (next) arm(epochUs + next.nextTimeUs());
    else if (nowUs < endsAtUs()) arm(endsAtUs());
    else finish();
  };

  const arm = (atUs: number): void => {
    cancelTimer = host.schedule(atUs, deliverDue);
  };

  const finish = (): void => {
    cancelTimer = undefined;
    if (options.atEnd === 'stop') {
      markets.paradex.close();
      markets.vest.close();
      for (const listener of endListeners) listener();
      return;
    }
    epochUs = endsAtUs();
    epoch++;
    for (const track of tracks) track.rewind();
    markets.paradex.startEpoch(epoch);
    markets.vest.startEpoch(epoch);
    arm(epochUs);
  };

  const endsAtUs = (): number => epochUs + tape.durationUs;

  return {
    markets,
    start: (startUs) => {
      epochUs = startUs;
      deliverDue();
    },
    stop: () => {
      cancelTimer?.();
      cancelTimer = undefined;
      markets.paradex.close();
      markets.vest.close();
    },
    onEnd: (listener) => endListeners.push(listener),
    positionMs: () => Math.min(Math.max(0, host.nowUs() - epochUs), tape.durationUs) / 1000,
    endsAtUs,
  };
}

/** One recorded sequence with its own play head. */
class Track {
  private readonly timeUs: Float64Array;
  private readonly count: number;
  private readonly play: (index: number, epochUs: number) => void;
  private next = 0;

  constructor(timeUs: Float64Array, count: number, play: (index: number, epochUs: number) => void) {
    this.timeUs = timeUs;
    this.count = count;
    this.play = play;
  }

  nextTimeUs(): number {
    return this.next < this.count ? this.timeUs[this.next]! : Number.POSITIVE_INFINITY;
  }

  playNext(epochUs: number): void {
    this.play(this.next++, epochUs);
  }

  rewind(): void {
    this.next = 0;
  }
}

function tracksOf(tape: Tape, markets: Record<PracticeVenueId, TapeReplayedMarket>): Track[] {
  const venues: PracticeVenueId[] = ['paradex', 'vest'];
  return venues.flatMap((venue) => {
    const { updates, trades } = tape.markets[venue];
    const market = markets[venue];
    return [
      new Track(updates.timeUs, updates.count, (index, epochUs) => market.playUpdate(index, epochUs)),
      new Track(trades.timeUs, trades.count, (index, epochUs) => market.playTrade(index, epochUs)),
    ];
  });
}

/** The track whose next entry comes first; undefined when all are played. Equal times keep the order of the tracks. */
function earliest(tracks: Track[]): Track | undefined {
  let best: Track | undefined;
  let bestUs = Number.POSITIVE_INFINITY;
  for (const track of tracks) {
    if (track.nextTimeUs() < bestUs) {
      best = track;
      bestUs = track.nextTimeUs();
    }
  }
  return best;
}
