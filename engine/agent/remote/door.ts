import type { Env } from '../../env.ts';
import type { AuditRecord } from '../session.ts';
import { createPenalties } from './penalties.ts';

/** The table of limits (security.md) as far as it is about who is not authenticated yet. */
export interface DoorLimits {
  strangers: number;
  strangersPerSource: number;
  /** TLS handshakes that penalised sources may have under way together; the others of them wait. */
  penalisedHandshakes: number;
  /** Such a place is taken for at least this long, so that a flood that fails fast cannot keep the processor busy. */
  penalisedPlaceMs: number;
  handshakeTimeoutMs: number;
  upgradeTimeoutMs: number;
}
export const DOOR_LIMITS: DoorLimits = {
  strangers: 64,
  strangersPerSource: 8,
  penalisedHandshakes: 4,
  penalisedPlaceMs: 100,
  handshakeTimeoutMs: 3_000,
  upgradeTimeoutMs: 3_000,
};
/** Sources that once showed a listed certificate: they get in when strangers have taken all places. */
const MAX_KNOWN_SOURCES = 256;

/** What the door needs of a connection. */
export interface DoorStream {
  destroy(): unknown;
  resetAndDestroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** One connection on its way from TCP to an authenticated session. */
export interface Pass {
  readonly source: string;
  /** TLS is done and the certificate is a listed one. */
  certificateListed(deviceId: string): void;
  /** The WebSocket is open; from here the session's own time limit for AUTH counts. */
  upgraded(): void;
  authenticated(): void;
  /** AUTH was refused: counts against the source. The session closes the connection itself, with its reason. */
  authenticationFailed(): void;
  /** Notes why, counts against the source, ends the connection. */
  refuse(why: string): void;
}

export interface Door {
  connected(stream: DoorStream, source: string): void;
  /** Connections not authenticated yet. */
  strangers(): number;
}

interface Entry {
  pass: Pass;
  stream: DoorStream;
  source: string;
  stage: 'waiting' | 'tls' | 'upgrade' | 'auth' | 'inside' | 'gone';
  penalised: boolean;
  startedAtMs: number;
  deviceId: string | undefined;
  cancelTimer(): void;
}

/**
 * Who may start a TLS handshake, and how long each stage before AUTH may take: absolute deadlines, so that a byte now and
 * then does not help. @param startTls starts the handshake; the pass is told how it went
 */
export function createDoor(
  env: Pick<Env, 'clock' | 'timers'>,
  audit: (record: AuditRecord) => void,
  startTls: (stream: DoorStream, pass: Pass) => void,
  limits: DoorLimits = DOOR_LIMITS,
): Door {
  const entries = new Set<Entry>();
  const penalties = createPenalties();
  const knownSources = new Set<string>();
  /** Places of penalised handshakes that are over and not free yet. */
  let restingPlaces = 0;
  const nowMs = () => env.clock.monotonicMs();
  const isStranger = ({ stage }: Entry) => stage !== 'inside' && stage !== 'gone';
  const count = (matches: (entry: Entry) => boolean) => {
    let total = 0;
    for (const entry of entries) if (matches(entry)) total += 1;
    return total;
  };

  function connected(stream: DoorStream, source: string): void {
    if (count((entry) => entry.source === source && isStranger(entry)) >= limits.strangersPerSource) {
      return turnAway(stream, source, 'too many connections of one source that are not authenticated');
    }
    if (count(isStranger) >= limits.strangers && !makePlaceFor(source)) {
      return turnAway(stream, source, 'too many connections that are not authenticated');
    }
    const entry: Entry = {
      pass: passFor(source, () => entry),
      stream,
      source,
      stage: 'waiting',
      penalised: penalties.isPenalised(source, nowMs()),
      startedAtMs: 0,
      deviceId: undefined,
      cancelTimer: () => undefined,
    };
    entries.add(entry);
    stream.once('close', () => leave(entry));
    if (entry.penalised) admitWaiting();
    else start(entry);
  }

  function turnAway(stream: DoorStream, source: string, why: string): void {
    audit({ event: 'refused', detail: why, source });
    stream.resetAndDestroy();
  }

  /** A source that has shown a listed certificate before takes the place of the stranger that came first. */
  function makePlaceFor(source: string): boolean {
    if (!knownSources.has(source)) return false;
    for (const entry of entries) {
      if (!isStranger(entry) || knownSources.has(entry.source)) continue;
      fail(entry, 'gave its place to a known source');
      return true;
    }
    return false;
  }

  function admitWaiting(): void {
    for (const entry of entries) {
      const taken = restingPlaces + count(({ stage, penalised }) => stage === 'tls' && penalised);
      if (taken >= limits.penalisedHandshakes) return;
      if (entry.stage === 'waiting') start(entry);
    }
  }

  function start(entry: Entry): void {
    entry.stage = 'tls';
    entry.startedAtMs = nowMs();
    deadline(entry, limits.handshakeTimeoutMs, 'no TLS handshake in time');
    startTls(entry.stream, entry.pass);
  }

  function deadline(entry: Entry, afterMs: number, why: string): void {
    entry.cancelTimer();
    entry.cancelTimer = env.timers.after(afterMs, () => fail(entry, why));
  }

  function fail(entry: Entry, why: string): void {
    if (entry.stage === 'gone') return;
    penalties.failed(entry.source, nowMs());
    audit({ event: 'refused', detail: why, source: entry.source, deviceId: entry.deviceId });
    end(entry);
    entry.stream.destroy();
  }

  /** The connection is closed, by whichever side. */
  function leave(entry: Entry): void {
    if (isStranger(entry) && entry.stage !== 'auth') return fail(entry, `left at ${entry.stage}`);
    // Whoever has shown a listed certificate may leave without a word; a refused AUTH was counted when it was refused.
    end(entry);
  }

  function end(entry: Entry): void {
    if (entry.stage === 'tls' && entry.penalised) restPlace(entry);
    entry.stage = 'gone';
    entry.cancelTimer();
    entries.delete(entry);
    admitWaiting();
  }

  function restPlace({ startedAtMs }: Entry): void {
    restingPlaces += 1;
    env.timers.after(Math.max(0, limits.penalisedPlaceMs - (nowMs() - startedAtMs)), () => {
      restingPlaces -= 1;
      admitWaiting();
    });
  }

  function passFor(source: string, entryOf: () => Entry): Pass {
    return {
      source,
      certificateListed(deviceId) {
        const entry = entryOf();
        if (entry.stage !== 'tls') return;
        penalties.clear(source);
        remember(source);
        entry.deviceId = deviceId;
        entry.stage = 'upgrade';
        deadline(entry, limits.upgradeTimeoutMs, 'no upgrade in time');
        admitWaiting();
      },
      upgraded() {
        const entry = entryOf();
        if (entry.stage !== 'upgrade') return;
        entry.cancelTimer();
        entry.stage = 'auth';
      },
      authenticated() {
        const entry = entryOf();
        if (entry.stage === 'auth') entry.stage = 'inside';
      },
      authenticationFailed: () => penalties.failed(source, nowMs()),
      refuse: (why) => fail(entryOf(), why),
    };
  }

  function remember(source: string): void {
    knownSources.delete(source);
    knownSources.add(source);
    const [oldest] = knownSources;
    if (knownSources.size > MAX_KNOWN_SOURCES && oldest !== undefined) knownSources.delete(oldest);
  }

  return { connected, strangers: () => count(isStranger) };
}
