import { errorMessage } from '../../engine/core/errors.ts';
import { paperAgainstVenue, type PaperComparison } from '../../engine/simulation/paper-against-venue.ts';
import { createVirtualDesk, WIDE_LIMITS } from '../../engine/simulation/virtual-desk.ts';
import type { Part, PartOptions } from './part.ts';

const TAPE_MS = 343_000;
/** Time to close before the recording ends. */
const LAST_TRADES_MS = TAPE_MS - 10_000;
/** Of orders whose mean difference is stated: a Vest book is seen every 300 ms only, in practice as at the venue. */
const MEAN_BOUND_BPS = 0.15;
const SAME_PRICE_SHARE = 0.8;

export const modesPart: Part = {
  title: 'paper against the venue, and live disarmed and armed, over the whole tape in virtual time',
  async run(options) {
    const faults: string[] = [];
    const figures: Record<string, unknown> = {};
    const step = async (name: string, work: () => Promise<{ figures: unknown; faults: string[] }>): Promise<void> => {
      options.cancelled.throwIfAborted();
      options.say(name);
      try {
        const found = await work();
        figures[name] = found.figures;
        faults.push(...found.faults.map((fault) => `${name}: ${fault}`));
        options.say(`  ${JSON.stringify(found.figures)}`);
      } catch (error) {
        // The other runs still say something.
        faults.push(`${name}: ${errorMessage(error)}`);
      }
    };
    for (const network of ['adsl-rural', 'vps-near']) {
      await step(`paper ${network}`, () => paper(network, options));
    }
    await step('live, not armed', () => disarmed(options));
    await step('live, armed', () => armed(options));
    return {
      ok: faults.length === 0,
      bounds:
        'The practice venues stand where real ones would, so this shows that paper fills as these venues fill, over these ' +
        'lines, on one recorded market. How long a real venue takes and what it does with an order it does not like ' +
        'stays an assumption until a live order was sent.',
      figures,
      faults,
    };
  },
};

async function paper(network: string, { seed }: PartOptions): Promise<{ figures: PaperComparison; faults: string[] }> {
  const figures = await paperAgainstVenue({ network, seed, untilMs: LAST_TRADES_MS });
  const { all, ordersSent, ledgerFaults } = figures;
  const faults: string[] = [];
  if (ordersSent > 0) faults.push(`${ordersSent} orders left for a venue`);
  if (ledgerFaults > 0) faults.push(`${ledgerFaults} differences between journal and paper account`);
  if (all.both < all.orders) faults.push(`${all.orders - all.both} of ${all.orders} orders filled on one side only`);
  if (all.samePrice < SAME_PRICE_SHARE * all.orders) faults.push(`only ${all.samePrice} of ${all.orders} prices equal`);
  if (Math.abs(all.bps.mean) > MEAN_BOUND_BPS) faults.push(`mean difference ${all.bps.mean.toFixed(3)} bps`);
  return { figures, faults };
}

async function disarmed({ seed }: PartOptions): Promise<{ figures: unknown; faults: string[] }> {
  const live = await createVirtualDesk({ mode: 'live', seed });
  await live.done(live.desk.start());
  await live.until(TAPE_MS);
  const { missed } = live.desk.snapshot();
  await live.done(live.desk.stop('over'));
  const figures = { ordersSent: live.sentOrders.length, missed: missed.length };
  const faults = live.sentOrders.length > 0 ? [`${live.sentOrders.length} orders left although it was not armed`] : [];
  if (missed.length === 0) faults.push('the tape offered nothing that could have been traded');
  return { figures, faults };
}

async function armed({ seed }: PartOptions): Promise<{ figures: unknown; faults: string[] }> {
  const live = await createVirtualDesk({ mode: 'live', seed });
  await live.done(live.desk.start());
  await live.done(live.desk.execute({ name: 'arm', limits: WIDE_LIMITS }));
  await live.until(LAST_TRADES_MS);
  await live.done(live.desk.closeForReport());
  const { fills, matched } = await live.done(live.desk.ledger());
  const { entries } = live.desk.snapshot().statistics;
  await live.done(live.desk.stop('over'));
  const faults = fills === matched ? [] : [`ledger: ${matched} of ${fills} fills`];
  if (entries === 0) faults.push('armed, and no trade was entered');
  return { figures: { entries, fills, matched }, faults };
}
