import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Lateness, type LatenessReport } from '../timing/lateness.ts';
import type { RealSchedule } from '../timing/real-schedule.ts';
import { delayUs, FifoDelay, type DelayProfile } from './delay.ts';
import { listen, type ListenAddress } from './listen.ts';
import type { LinkProfileLeg } from './presets.ts';

export interface TcpLinkOptions {
  leg: LinkProfileLeg;
  seed: number;
  schedule: RealSchedule;
  listen: ListenAddress;
  /** The venue's own server. */
  upstream: ListenAddress;
}

export interface TcpLink {
  host: string;
  port: number;
  lateness(): { toVenue: LatenessReport; fromVenue: LatenessReport };
  close(): Promise<void>;
}

/**
 * Cost of the proxy's own hop in one direction: two loopback sockets, two wake-ups of a sleeping process and their turns of
 * the event loop. It is part of the line's delay, so less is waited. Round figure between what was seen with both feeds
 * running: 1.3 ms (to the venue) and 1.9 ms (from it) on a small virtual machine, some tenths on a fast one.
 */
const OWN_HOP_US = 1_000;

/** Bytes one connection may have under way in one direction before its sender is held back. */
const MAX_IN_FLIGHT_BYTES = 1024 * 1024;

interface Direction {
  profile: DelayProfile;
  seed: number;
  lateness: Lateness;
}

/**
 * A line on real sockets: a TCP proxy that delivers each direction's bytes in order after the line's delay. A new
 * connection's first bytes wait one round trip more, because the proxy's own accept hides the handshake.
 * @throws HalfspreadError HS_LISTEN_BUSY or HS_LISTEN when the address cannot be listened on.
 */
export async function createTcpLink(options: TcpLinkOptions): Promise<TcpLink> {
  const { leg, seed, schedule } = options;
  const toVenue: Direction = { profile: leg.toVenue, seed, lateness: new Lateness() };
  const fromVenue: Direction = { profile: leg.fromVenue, seed: seed + 1, lateness: new Lateness() };
  const sockets = new Set<Socket>();

  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    const venue = connect({ ...options.upstream, allowHalfOpen: true, noDelay: true });
    venue.pause();
    for (const socket of [client, venue]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    const nowUs = schedule.nowUs();
    const handshakeUs =
      delayUs(toVenue.profile, toVenue.seed, nowUs) + delayUs(fromVenue.profile, fromVenue.seed, nowUs);
    schedule.at(nowUs + handshakeUs, () => {
      pump(client, venue, toVenue, schedule);
      pump(venue, client, fromVenue, schedule);
    });
    // Later errors are carried by the pump, after what was sent before them.
    client.on('error', () => {
      if (!client.listenerCount('data')) venue.destroy();
    });
    venue.on('error', () => {
      if (!venue.listenerCount('data')) client.destroy();
    });
  });
  await listen(server, options.listen);
  const { port } = server.address() as AddressInfo;

  return {
    host: options.listen.host,
    port,
    lateness: () => ({ toVenue: toVenue.lateness.report(), fromVenue: fromVenue.lateness.report() }),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Carries `source`'s bytes, and its end, to `sink` after the direction's delay. */
function pump(source: Socket, sink: Socket, direction: Direction, schedule: RealSchedule): void {
  const line = new FifoDelay(direction.profile, direction.seed);
  let inFlightBytes = 0;
  let sinkIsFull = false;

  const resumeIfFree = (): void => {
    if (!sinkIsFull && inFlightBytes < MAX_IN_FLIGHT_BYTES) source.resume();
  };
  source.on('data', (chunk) => {
    const dueUs = line.arrivalUs(schedule.nowUs()) - OWN_HOP_US;
    inFlightBytes += chunk.length;
    if (inFlightBytes >= MAX_IN_FLIGHT_BYTES) source.pause();
    schedule.at(dueUs, () => {
      inFlightBytes -= chunk.length;
      direction.lateness.record(schedule.nowUs() - dueUs);
      if (sink.writable && !sink.write(chunk)) {
        sinkIsFull = true;
        source.pause();
      }
      resumeIfFree();
    });
  });
  sink.on('drain', () => {
    sinkIsFull = false;
    resumeIfFree();
  });
  source.on('end', () => {
    schedule.at(line.arrivalUs(schedule.nowUs()), () => sink.end());
  });
  source.on('close', (hadError) => {
    if (hadError) schedule.at(line.arrivalUs(schedule.nowUs()), () => sink.destroy());
  });
  source.resume();
}
