import { createNodeEnv } from '../../engine/node-env.ts';
import { parseVenueSet } from '../../engine/desk/venue-set.ts';
import { practiceSource } from '../../engine/desk/practice-source.ts';
import { createParadexClient } from '../../engine/venues/paradex/client.ts';
import { createWorkerSigner } from '../../engine/venues/signer/worker-signer.ts';
import type { FillReport, PositionReport, VenueListener } from '../../engine/venues/venue.ts';
import { createVestClient } from '../../engine/venues/vest/client.ts';
import { startCli, type Ended, type Home, type Program } from './program.ts';

const RECEIVE_WINDOW_MS = 2_000;

/** The practice venues as a process of their own, and the line they described themselves with. */
export interface PracticeVenues {
  program: Program;
  description: Record<string, unknown> & { tape: Record<string, unknown> };
  stop(): Promise<Ended>;
}

/** @param args options of `halfspread practice serve` */
export async function startVenues(home: Home, args: string[]): Promise<PracticeVenues> {
  const program = startCli(['practice', 'serve', '--json', '--exit-with-parent', ...args], home);
  const description = JSON.parse(await program.nextLine()) as PracticeVenues['description'];
  return {
    program,
    description,
    stop() {
      program.child.kill('SIGTERM');
      return program.ended;
    },
  };
}

const deaf: VenueListener = {
  onBook: () => undefined,
  onMarketDataStatus: () => undefined,
  onOrder: () => undefined,
  onFill: () => undefined,
  onConnection: () => undefined,
  onNotice: () => undefined,
};

/** What the venues themselves say over their REST interfaces: every fill of the account, and what it holds now. */
export async function askVenues(description: unknown): Promise<{ fills: FillReport[]; positions: PositionReport[] }> {
  const set = parseVenueSet(description);
  const env = createNodeEnv();
  const signer = await createWorkerSigner(practiceSource(set).signerKeys);
  const ids = {
    next(): number {
      throw new Error('the ledger is only read');
    },
  };
  const market = set.markets[0]!;
  const { paradex, vest } = set;
  const clients = [
    createParadexClient({
      env,
      signer,
      ids,
      listener: deaf,
      config: {
        restUrl: paradex.restUrl,
        wsUrl: paradex.wsUrl,
        accountAddress: paradex.accounts[0]!.address,
        orderClass: 'pro',
        symbols: [market.paradex],
        receiveWindowMs: RECEIVE_WINDOW_MS,
      },
    }),
    createVestClient({
      env,
      signer,
      ids,
      listener: deaf,
      config: {
        restUrl: vest.restUrl,
        wsUrl: vest.wsUrl,
        apiKey: vest.accounts[0]!.apiKey,
        symbols: [market.vest],
        receiveWindowMs: RECEIVE_WINDOW_MS,
        leverage: { [market.vest]: 5 },
      },
    }),
  ];
  try {
    await Promise.all(clients.map((client) => client.start()));
    const fills = await Promise.all(clients.map((client) => client.fillsSince(0)));
    const positions = await Promise.all(clients.map((client) => client.positions()));
    return { fills: fills.flat(), positions: positions.flat() };
  } finally {
    await Promise.all(clients.map((client) => client.stop()));
    await signer.close();
    await env.close();
  }
}
