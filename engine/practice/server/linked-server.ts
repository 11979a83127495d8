import type { VenueEndpoint } from '../host.ts';
import type { ListenAddress } from '../links/listen.ts';
import type { LinkProfileLeg } from '../links/presets.ts';
import { createTcpLink, type TcpLink } from '../links/tcp-link.ts';
import type { RealSchedule } from '../timing/real-schedule.ts';
import { startVenueServer } from './venue-server.ts';

/**
 * A venue's server with its leg's line in front; only the line's address is given away.
 * @throws HalfspreadError HS_LISTEN_BUSY or HS_LISTEN
 */
export async function startLinkedServer(options: {
  endpoint: VenueEndpoint;
  leg: LinkProfileLeg;
  listen: ListenAddress;
  schedule: RealSchedule;
  seed: number;
}): Promise<TcpLink> {
  const server = await startVenueServer(options.endpoint);
  try {
    const link = await createTcpLink({ ...options, upstream: { host: '127.0.0.1', port: server.port } });
    const close = async (): Promise<void> => {
      await link.close();
      await server.close();
    };
    return { ...link, close };
  } catch (error) {
    await server.close();
    throw error;
  }
}
