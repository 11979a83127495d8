import type { Env } from '../../env.ts';
import type { ConnectionReport } from '../venue.ts';

/** The REST side as a connection: how its kept connections were used. */
export function restReport(env: Env, restUrl: string, stopped: boolean): ConnectionReport {
  const { origin } = new URL(restUrl);
  const used = env.network.httpReports().find((report) => report.origin === origin);
  return {
    venue: 'paradex',
    name: 'rest',
    transport: 'rest',
    state: stopped ? 'closed' : used ? 'ready' : 'connecting',
    rttSamples: 0,
    reconnects: 0,
    ...(used ? { reused: used.requests - used.newConnections, opened: used.newConnections } : {}),
  };
}
