import type { FeeSchedule, PracticeHost, VenueEndpoint } from '../host.ts';
import type { ReplayedMarket } from '../market.ts';
import type { PracticeParadexAccount } from './accounts.ts';
import type { SystemStatus } from './exchange/state.ts';
import { createExchangeState, step } from './exchange/step.ts';
import type { LatenessReport } from './lateness.ts';
import { handleRest } from './rest/router.ts';
import type { SbeVersion } from './sbe-encode.ts';
import { publicKeyOf } from './signatures/stark-curve.ts';
import { toHex } from './signatures/felts.ts';
import type { ParadexVerifier } from './signatures/verifier.ts';
import type { ParadexPracticeSwitches } from './switches.ts';
import { normalizeHex } from './system-config.ts';
import { ParadexVenue } from './venue.ts';
import { WsSession } from './ws-session.ts';

export interface ParadexEndpointOptions {
  host: PracticeHost;
  markets: { symbol: string; market: ReplayedMarket }[];
  /** Onboarded from the start, each with 1,000,000 USDC. Any other account can onboard itself. */
  accounts: PracticeParadexAccount[];
  fees: FeeSchedule;
  /** Time from an order's arrival to the reply (gateway, signature, risk), before any speed bump. */
  orderProcessingUs: number;
  /** Time from the match to the private stream's message about it. */
  ackToFillLagUs: number;
  verifier: ParadexVerifier;
  switches?: Partial<ParadexPracticeSwitches>;
}

export interface ParadexEndpoint extends VenueEndpoint {
  /** How late signature checks were against the modelled processing time. */
  lateness(): LatenessReport;
  /** Fault: release window or maintenance. */
  setSystemStatus(status: SystemStatus): void;
  /** Fault: the next book change skips `by` sequence numbers. */
  skipSequence(symbol: string, by: number): void;
}

const STREAM_PATH = '/v1';

/** The built-in Paradex: REST, JSON-RPC WebSocket and binary market data over a replayed market, without sockets. */
export function createParadexEndpoint(options: ParadexEndpointOptions): ParadexEndpoint {
  const { markets, accounts, fees, verifier, switches } = options;
  const { host, stop: stopTimers } = stoppable(options.host);
  const state = createExchangeState({ markets, fees, switches });
  for (const { address, ethAddress, l2PrivateKey } of accounts) {
    const publicKey = toHex(publicKeyOf(BigInt(l2PrivateKey)));
    const normalAddress = normalizeHex(address)!;
    step(state, host.nowUs(), { kind: 'account.open', address: normalAddress, ethAddress, publicKey });
  }
  const venue = new ParadexVenue({
    host,
    state,
    verifier,
    processingUs: options.orderProcessingUs,
    ackToFillLagUs: options.ackToFillLagUs,
  });
  let isStopped = false;
  for (const { symbol, market } of markets) {
    market.onUpdate((update) => {
      if (!isStopped) venue.apply({ kind: 'market.update', symbol, update });
    });
    market.onTrade((trade) => {
      if (!isStopped) venue.apply({ kind: 'market.trade', symbol, trade });
    });
    market.onEpoch(() => {
      if (!isStopped) venue.apply({ kind: 'market.epoch', symbol });
    });
  }
  const sessions = new Set<WsSession>();
  let lastConnectionId = 0;
  return {
    http: (request, reply) => handleRest(venue, request, reply),
    upgrade(request, connection) {
      const [path = '', query = ''] = request.path.split('?', 2);
      if (path !== STREAM_PATH) return { accepted: false, status: 404, body: 'not found' };
      const encoding = requestedEncoding(new URLSearchParams(query), state.switches.maxSbeSchemaVersion);
      if (!encoding.ok) return { accepted: false, status: 400, body: encoding.problem };
      const session = new WsSession(venue, ++lastConnectionId, connection, encoding.sbeVersion);
      sessions.add(session);
      return {
        accepted: true,
        session: {
          onText: (text) => session.onText(text),
          onClose: () => {
            sessions.delete(session);
            session.onClose();
          },
        },
      };
    },
    stop() {
      isStopped = true;
      for (const session of sessions) session.onClose();
      sessions.clear();
      stopTimers();
    },
    lateness: () => venue.lateness.report(),
    setSystemStatus: (status) => venue.apply({ kind: 'system.status', status }),
    skipSequence: (symbol, by) => venue.apply({ kind: 'market.skip-sequence', symbol, by }),
  };
}

/** The host with timers that can all be stopped together; after that none is started any more. */
function stoppable(host: PracticeHost): { host: PracticeHost; stop(): void } {
  const running = new Set<() => void>();
  let isStopped = false;
  const schedule = (atUs: number, fn: () => void): (() => void) => {
    if (isStopped) return () => undefined;
    const cancel = host.schedule(atUs, () => {
      running.delete(stop);
      fn();
    });
    const stop = (): void => {
      running.delete(stop);
      cancel();
    };
    running.add(stop);
    return stop;
  };
  return {
    host: { nowUs: () => host.nowUs(), random: () => host.random(), schedule },
    stop() {
      isStopped = true;
      for (const stop of running) stop();
    },
  };
}

type Encoding = { ok: true; sbeVersion: SbeVersion | undefined } | { ok: false; problem: string };

/** Binary market data is asked for by `sbeSchemaId=1&sbeSchemaVersion={0|1|2}`; without both, the connection speaks JSON. */
function requestedEncoding(query: URLSearchParams, maxVersion: SbeVersion): Encoding {
  const schemaId = query.get('sbeSchemaId');
  const version = query.get('sbeSchemaVersion');
  if (schemaId === null && version === null) return { ok: true, sbeVersion: undefined };
  if (schemaId !== '1') return { ok: false, problem: 'unsupported sbeSchemaId' };
  const versions: Record<string, SbeVersion> = { '0': 0, '1': 1, '2': 2 };
  const sbeVersion = versions[version ?? ''];
  if (sbeVersion === undefined || sbeVersion > maxVersion)
    return { ok: false, problem: 'unsupported sbeSchemaVersion' };
  return { ok: true, sbeVersion };
}
