import { expect, it } from 'vitest';
import { paperAgainstVenue } from './paper-against-venue.ts';

/** The whole tape at both presets: `npm run proof -- modes`. */
const UNTIL_MS = 45_000;

it('fills as the venue would have: same orders, same moments, no order sent', async () => {
  const { entries, ordersSent, ledgerFaults, all } = await paperAgainstVenue({
    network: 'adsl-rural',
    seed: 1,
    untilMs: UNTIL_MS,
  });
  expect(ordersSent).toBe(0);
  expect(ledgerFaults).toBe(0);
  expect(entries).toBeGreaterThan(2);
  expect(all.both).toBe(all.orders);
  expect(all.samePrice / all.orders).toBeGreaterThan(0.8);
  expect(Math.abs(all.bps.mean)).toBeLessThan(0.2);
  // 386 ms: the round trips measured by pings and 10 ms of assumed venue time.
  expect(all.confirmMs.paper).toBeGreaterThan(0.95 * all.confirmMs.practice);
  expect(all.confirmMs.paper).toBeLessThan(1.05 * all.confirmMs.practice);
}, 120_000);
