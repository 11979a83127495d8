import { setTimeout as delay } from 'node:timers/promises';
import type { DeskLaunchInput } from '../../engine/protocol/launch.ts';
import type { DeskEvent, Statistics } from '../../engine/protocol/model.ts';
import { siteStatus } from '../../main/deploy/operate.ts';
import type { DeployPorts } from '../../main/deploy/ports.ts';
import { lineOf, throughTunnel, venuePorts } from '../../main/deploy/ssh/venue-addresses.ts';
import { openVenueTunnel } from '../../main/deploy/ssh/venue-tunnel.ts';
import type { Site } from '../../main/ipc/site-schema.ts';
import { openDeviceIdentity } from '../../main/keys/device-identity.ts';
import { startVenues } from './practice-venues.ts';
import type { Home } from './program.ts';
import { linkToSite } from './remote-agent.ts';
import { until } from './until.ts';

const LINE = 'vps-near';
/** The agent's memory is read so long after its desk began: tables are built, caches filled. */
const SETTLE_MS = 45_000;
const TIMEOUT_MS = 60_000;
/** P15 of docs/performance.md. */
const MAX_RSS_BYTES = 150 * 1024 * 1024;

export interface PracticeReport {
  line: string;
  /** From nothing to the first snapshot over TLS. */
  connectMs: number;
  /** Until the desk had reached the venues through the tunnel. */
  unlockMs: number;
  agentRssMiB: { locked: number; tradingFor45s: number };
  trades: number;
  /** p50 of both venues together is not formed: each by itself, with n. */
  orderToAckMs: Record<string, { n: number; p50?: number | undefined; p99?: number | undefined }>;
  slippageBps: Pick<Statistics['slippage'], 'n' | 'mean' | 'ci95'>;
  /** Of the agent after `kill -9`: locked again, then unlocked again. */
  secondsUntilUnlockedAfterKill: number;
}

export interface PracticeOn {
  site: Site;
  ports: DeployPorts;
  home: Home;
  /** Kills the agent's process on the server. */
  kill(): void;
  say(text: string): void;
}

/**
 * Practises on a deployed agent: venues on this machine, reached through a tunnel, over the line of a server near them. The
 * agent is killed in the middle, comes back locked, is unlocked, and rests locked and flat at the end.
 */
export async function practiseOnSite({ site, ports, home, kill, say }: PracticeOn) {
  const faults: string[] = [];
  const expectThat = (holds: boolean, claim: string) => void (holds || faults.push(`practice: ${claim}`));
  const { signal } = new AbortController();
  const agent = async () => (await siteStatus(site.name, { ports, signal })).agent;
  const venues = await startVenues(home, ['--network', 'adsl-rural', '--line', LINE, '--fees', 'zero']);
  const near = lineOf(venues.description, LINE);
  const tunnel = await openVenueTunnel({
    site,
    ports: venuePorts(near),
    deploy: ports,
    signal,
    onLost: (error) => faults.push(`practice: ${error.message}`),
  });
  const there = throughTunnel(near, (port) => tunnel.portThere(port));
  const desk: DeskLaunchInput = { mode: 'practice', venues: there };
  const locked = await agent();
  const view = linkToSite(site, await openDeviceIdentity(ports.secrets));
  const { link, snapshot, snapshots, events } = view;
  try {
    const connectMs = await until('a snapshot', TIMEOUT_MS, () => Promise.resolve(view.connectedInMs()));
    expectThat(snapshot()?.trading === 'locked', 'it is locked before it gets its desk');
    const unlockedAtMs = performance.now();
    await link.unlock({ desk, term: 1 });
    const unlockMs = performance.now() - unlockedAtMs;
    await until('the desk on the line', TIMEOUT_MS, () =>
      Promise.resolve(snapshot()?.desk.network === LINE || undefined),
    );
    await link.command({ name: 'start' });
    await delay(SETTLE_MS);
    await until('a closed trade', TIMEOUT_MS, () => Promise.resolve(closedIn(events).size || undefined));
    const trading = await agent();
    const statistics = latestStatistics(events);
    expectThat((trading?.rssBytes ?? Infinity) <= MAX_RSS_BYTES, `it takes ${mib(trading?.rssBytes)} MiB`);
    say(`${closedIn(events).size} trades through the tunnel; killing the agent`);

    const killedAtMs = performance.now();
    const before = snapshots.length;
    kill();
    await until('the killed agent', TIMEOUT_MS, () => {
      if (link.state().state !== 'ready') link.retryNow();
      return Promise.resolve(snapshots.length > before || undefined);
    });
    expectThat(snapshot()?.trading === 'locked', 'a killed agent comes back locked');
    await link.unlock({ desk, term: 1 });
    const secondsUntilUnlockedAfterKill = Math.round((performance.now() - killedAtMs) / 100) / 10;
    await link.command({ name: 'start' });
    await link.command({ name: 'stop' });
    const ledger = await link.command({ name: 'ledger' });
    expectThat(isClean(ledger), `journal and venues’ ledger agree (${JSON.stringify(ledger)})`);
    await link.command({ name: 'lock' }, true);
    const after = await agent();
    expectThat(after?.locked === true && after.flat, 'a lock leaves it locked and flat');
    const report: PracticeReport = {
      line: LINE,
      connectMs: Math.round(connectMs),
      unlockMs: Math.round(unlockMs),
      agentRssMiB: { locked: mib(locked?.rssBytes), tradingFor45s: mib(trading?.rssBytes) },
      trades: closedIn(events).size,
      orderToAckMs: Object.fromEntries(
        (statistics?.latency ?? []).map(({ venue, orderToAck: { n, p50, p99 } }) => [venue, { n, p50, p99 }]),
      ),
      slippageBps: pick(statistics),
      secondsUntilUnlockedAfterKill,
    };
    return { report, faults };
  } finally {
    link.stop();
    await tunnel.stop();
    await venues.stop();
  }
}

function closedIn(events: DeskEvent[]): Set<number> {
  return new Set(
    events.flatMap((event) => (event.type === 'trade' && event.trade.state === 'FLAT' ? [event.trade.id] : [])),
  );
}

function latestStatistics(events: DeskEvent[]): Statistics | undefined {
  return events.flatMap((event) => (event.type === 'statistics' ? [event.statistics] : [])).at(-1);
}

function pick(statistics: Statistics | undefined): PracticeReport['slippageBps'] {
  const { n = 0, mean, ci95 } = statistics?.slippage ?? {};
  return { n, ...(mean !== undefined && { mean }), ...(ci95 && { ci95 }) };
}

function isClean(ledger: unknown): boolean {
  const counts = Object.entries(ledger ?? {}).filter(([name]) => /^(lost|doubled|differing|invented)$/.test(name));
  return counts.length === 4 && counts.every(([, count]) => count === 0);
}

const mib = (bytes = 0): number => Math.round(bytes / 1024 / 1024);
