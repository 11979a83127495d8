import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Pool } from 'undici';
import { errorMessage } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { measureRequestSchema, MeasureResult, ProbeDistribution } from '../../protocol/agent-program.ts';
import type { VenueEndpoints, VenueName } from '../../protocol/endpoints.ts';
import { toWireError } from '../../protocol/errors.ts';
import type { z } from 'zod';

const PERIOD_MS = 250;
const PROBE_TIMEOUT_MS = 10_000;
/** As many requests as may be on their way at once: a probe never waits for the one before it. */
const WARM_CONNECTIONS = Math.ceil(PROBE_TIMEOUT_MS / PERIOD_MS);
/** Small public reads. Whatever status they are answered with, the way there and back was measured. */
const READ_PATHS: Record<VenueName, string> = {
  paradex: '/system/time',
  vest: '/ticker/latest?symbols=BTC-PERP',
};

type VenueResult = MeasureResult['venues'][number];
type MeasureOptions = z.output<typeof measureRequestSchema>;

/** Round trips from this machine to both venues at once. */
export async function measure({ endpoints, samples }: MeasureOptions, env: Env): Promise<MeasureResult> {
  const startedAt = Math.round(env.clock.wallMs());
  const names: VenueName[] = ['paradex', 'vest'];
  return { startedAt, venues: await Promise.all(names.map((name) => measureVenue(name, endpoints, samples, env))) };
}

async function measureVenue(
  venue: VenueName,
  endpoints: VenueEndpoints,
  samples: number,
  env: Env,
): Promise<VenueResult> {
  const url = new URL(endpoints[venue].restUrl + READ_PATHS[venue]);
  const [tcp, tls, rest]: [number[], number[], number[]] = [[], [], []];
  let failed = 0;
  let failure: unknown;
  const fail = (cause: unknown): void => {
    failed += 1;
    failure = cause;
  };
  const result = (address?: string): VenueResult => ({
    venue,
    host: url.host,
    address,
    tcpConnect: distributionOf(tcp),
    tls: distributionOf(tls),
    restWarm: distributionOf(rest),
    failed,
    error: failure === undefined ? undefined : { ...toWireError(failure), message: errorMessage(failure) },
  });

  let address: string;
  try {
    // An IPv6 address comes in brackets.
    const name = url.hostname.replace(/^\[|\]$/g, '');
    address = isIP(name) === 0 ? (await lookup(name)).address : name;
  } catch (error) {
    fail(error);
    return result();
  }
  const pool = new Pool(url.origin, { connections: WARM_CONNECTIONS, pipelining: 1, keepAliveTimeout: 60_000 });
  const read = async (): Promise<void> => {
    const answer = await pool.request({
      method: 'GET',
      path: url.pathname + url.search,
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await answer.body.dump();
  };
  try {
    // Two at once, so that a second connection is open when an answer is late.
    await Promise.all([read(), read()]).catch(fail);
    const probes: Promise<void>[] = [];
    const firstDueMs = env.clock.monotonicMs() + PERIOD_MS;
    for (let sample = 0; sample < samples; sample += 1) {
      const dueMs = firstDueMs + sample * PERIOD_MS;
      await new Promise<void>((resolve) => env.timers.after(Math.max(0, dueMs - env.clock.monotonicMs()), resolve));
      const sinceDueMs = (): number => env.clock.monotonicMs() - dueMs;
      probes.push(
        read().then(() => void rest.push(sinceDueMs()), fail),
        connectOnce(url, address, sinceDueMs).then((found) => {
          tcp.push(found.tcpMs);
          if (found.tlsMs !== undefined) tls.push(found.tlsMs);
        }, fail),
      );
    }
    await Promise.all(probes);
  } catch (error) {
    fail(error);
  } finally {
    await pool.destroy();
  }
  return result(address);
}

/** TCP connect counted from the intended time; TLS from then on. */
function connectOnce(
  url: URL,
  address: string,
  sinceDueMs: () => number,
): Promise<{ tcpMs: number; tlsMs: number | undefined }> {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return new Promise((resolve, reject) => {
    const stream = connectTcp({ host: address, port, noDelay: true });
    stream.setTimeout(PROBE_TIMEOUT_MS, () => stream.destroy(new Error('no connection in time')));
    stream.once('error', reject);
    stream.once('connect', () => {
      const tcpMs = sinceDueMs();
      if (url.protocol !== 'https:') {
        stream.destroy();
        return resolve({ tcpMs, tlsMs: undefined });
      }
      const secure = connectTls({ socket: stream, servername: isIP(url.hostname) === 0 ? url.hostname : undefined });
      secure.once('error', reject);
      secure.once('secureConnect', () => {
        resolve({ tcpMs, tlsMs: sinceDueMs() - tcpMs });
        secure.destroy();
      });
    });
  });
}

function distributionOf(values: number[]): ProbeDistribution {
  if (values.length === 0) return { n: 0 };
  const sorted = values.toSorted((a, b) => a - b);
  // Nearest rank: exact for so few.
  const at = (fraction: number): number => sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)]!;
  return { n: sorted.length, min: sorted[0], p50: at(0.5), p95: at(0.95), max: sorted.at(-1) };
}
