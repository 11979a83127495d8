import type { ParadexEndpoint, VestEndpoint } from '../protocol/endpoints.ts';
import { createPracticeParadexAccounts, type PracticeParadexAccount } from '../practice/paradex/accounts.ts';
import { createParadexEndpoint } from '../practice/paradex/endpoint.ts';
import { createInlineVerifier } from '../practice/paradex/signatures/verifier.ts';
import type { ParadexPracticeSwitches } from '../practice/paradex/switches.ts';
import type { PracticeAccounts } from '../practice/host.ts';
import { createRealPracticeHost } from '../practice/server/practice-host.ts';
import { startVenueServer } from '../practice/server/venue-server.ts';
import { RealSchedule } from '../practice/timing/real-schedule.ts';
import { createPracticeVestAccounts } from '../practice/vest/accounts.ts';
import { TestMarket } from '../practice/vest/bench.test-helper.ts';
import { createVestEndpoint } from '../practice/vest/endpoint.ts';
import { defaultVestSwitches, type VestPracticeSwitches } from '../practice/vest/switches.ts';

const QUOTE_EVERY_MS = 200;
const PROCESSING_US = 1_000;

/** Both practice venues on real sockets, with hand-set markets that are quoted anew all the time. */
export interface TestVenues {
  paradex: ParadexEndpoint;
  vest: VestEndpoint;
  /** Onboarded at Paradex. */
  account: PracticeParadexAccount;
  other: PracticeParadexAccount;
  /** Not onboarded. */
  stranger: PracticeParadexAccount;
  /** Registered and funded at Vest. */
  vestAccount: PracticeAccounts['vest'][number];
  stop(): Promise<void>;
}

export async function startTestVenues(
  switches: { paradex?: Partial<ParadexPracticeSwitches>; vest?: Partial<VestPracticeSwitches> } = {},
): Promise<TestVenues> {
  const schedule = new RealSchedule();
  const host = createRealPracticeHost(schedule, 1);
  const [account, other, stranger] = createPracticeParadexAccounts(3, 'accounts program');
  const [vestAccount] = createPracticeVestAccounts(1, 'accounts program');
  const paradexMarket = new TestMarket('BTC', 1, 5);
  const vestMarket = new TestMarket('BTC', 2, 4);
  const quote = (): void => {
    for (const market of [paradexMarket, vestMarket]) market.quote([[60_000, 2]], [[60_000.1, 2]]);
  };
  const paradex = createParadexEndpoint({
    host,
    markets: [{ symbol: 'BTC-USD-PERP', market: paradexMarket }],
    accounts: [account!, other!],
    fees: { kind: 'published' },
    orderProcessingUs: PROCESSING_US,
    ackToFillLagUs: 0,
    verifier: createInlineVerifier(),
    switches: switches.paradex,
  });
  const vest = createVestEndpoint({
    host,
    markets: [{ symbol: 'BTC-PERP', market: vestMarket }],
    accounts: [vestAccount!],
    fees: { kind: 'published' },
    orderProcessingUs: PROCESSING_US,
    ackToFillLagUs: 0,
    switches: switches.vest,
  });
  quote();
  const quoting = setInterval(quote, QUOTE_EVERY_MS);
  const servers = await Promise.all([startVenueServer(paradex), startVenueServer(vest)]);
  const [paradexHost, vestHost] = servers.map(({ port }) => `127.0.0.1:${port}`);
  return {
    paradex: { network: 'custom', restUrl: `http://${paradexHost}/v1`, wsUrl: `ws://${paradexHost}/v1` },
    vest: {
      network: 'custom',
      restUrl: `http://${vestHost}/v2`,
      wsUrl: `ws://${vestHost}/ws-api?version=1.0`,
      verifyingContract: defaultVestSwitches.verifyingContract,
    },
    account: account!,
    other: other!,
    stranger: stranger!,
    vestAccount: vestAccount!,
    async stop() {
      clearInterval(quoting);
      paradex.stop();
      vest.stop();
      await Promise.all(servers.map((server) => server.close()));
      schedule.stop();
    },
  };
}
