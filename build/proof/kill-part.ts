import { killEngineRepeatedly } from './killed-engine.ts';
import type { Part } from './part.ts';
import { createHome } from './program.ts';

export const killPart: Part = {
  title: 'the engine killed in the middle of its trades',
  async run({ kills, seed, say, cancelled }) {
    const home = await createHome();
    try {
      const report = await killEngineRepeatedly({ home, kills, seed, say, cancelled });
      const { ledger, reusedOrderIds, positionsE8, errors } = report;
      const faults = [...ledger.faults, ...errors];
      for (const id of reusedOrderIds) faults.push(`order id ${id} was used more than once`);
      for (const [venue, held] of Object.entries(positionsE8)) {
        if (held.venue !== held.journal || held.venue !== 0) faults.push(`${venue}: position ${JSON.stringify(held)}`);
      }
      return { ok: faults.length === 0, bounds: boundsOf(kills), figures: report, faults };
    } finally {
      await home.remove();
    }
  },
};

/** Rule of three: without a failure in n independent tries the rate is below 3 / n with 95 % confidence. */
function boundsOf(kills: number): string {
  return (
    `${kills} kills of the process (SIGKILL), each within 120 ms of an order or while starting: without a fault, fewer than ` +
    `${((3 / kills) * 100).toFixed(0)} % of such kills harm the books (95 %). It does not cover power loss (what the disk ` +
    'had not yet written), nor a kill in the fraction of a millisecond between the socket’s write and the journal’s.'
  );
}
