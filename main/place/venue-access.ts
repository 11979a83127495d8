import { toWireError } from '../../engine/protocol/errors.ts';
import type { DeployPorts } from '../deploy/ports.ts';
import { lineOf, throughTunnel, venuePorts } from '../deploy/ssh/venue-addresses.ts';
import { openVenueTunnel, type VenueTunnel } from '../deploy/ssh/venue-tunnel.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import { SERVER_LINE } from '../engines/local-desk.ts';
import type { Site } from '../ipc/site-schema.ts';

/** How an engine on a server reaches the practice venues of this machine. */
export interface VenueAccess {
  /**
   * The venues' description as the engine at this site must have it: reachable from there, over the line of a server.
   * @param venues another object at each start of them
   * @throws HalfspreadError HS_TUNNEL_..., HS_PRACTICE_LINE, HS_SSH_...
   */
  describeFor(site: Site, venues: unknown): Promise<unknown>;
  /** Ends the way that was opened. */
  release(): Promise<void>;
}

interface Open {
  site: string;
  venues: unknown;
  tunnel: VenueTunnel;
}

/** One tunnel at a time: the desk is at one place. */
export function createVenueAccess(options: {
  deploy: Pick<DeployPorts, 'knownHosts' | 'secrets'>;
  /** The engine there does not reach the venues any more: it must be given a new description. */
  onLost(): void;
  log(record: LogRecord): void;
}): VenueAccess {
  const stopping = new AbortController();
  let open: Open | undefined;

  async function release(): Promise<void> {
    const old = open;
    open = undefined;
    await old?.tunnel.stop();
  }

  return {
    async describeFor(site, venues) {
      const line = lineOf(venues, SERVER_LINE);
      if (open?.site !== site.name || open.venues !== venues) {
        await release();
        const tunnel = await openVenueTunnel({
          site,
          ports: venuePorts(line),
          deploy: options.deploy,
          signal: stopping.signal,
          onLost(error) {
            options.log({ level: 'warn', message: `the tunnel to ${site.name} ended`, detail: toWireError(error) });
            open = undefined;
            options.onLost();
          },
        });
        open = { site: site.name, venues, tunnel };
      }
      return throughTunnel(line, open.tunnel.portThere);
    },
    async release() {
      stopping.abort();
      await release();
    },
  };
}
