import { expect, it } from 'vitest';
import { killEngineRepeatedly } from '../proof/killed-engine.ts';
import { createHome } from '../proof/program.ts';

const KILLS = 5;
const SEED = 1;

it('an engine killed again and again in the middle of its trades loses no fill, books none twice, and ends flat', async () => {
  const home = await createHome();
  try {
    const report = await killEngineRepeatedly({ home, kills: KILLS, seed: SEED, say: () => undefined });
    expect(report.errors).toEqual([]);
    expect(report.ledger).toMatchObject({ lost: 0, doubled: 0, differing: 0, invented: 0, faults: [] });
    expect(report.ledger.matched).toBe(report.ledger.fills);
    expect(report.ledger.fills).toBeGreaterThanOrEqual(4);
    expect(report.reusedOrderIds).toEqual([]);
    expect(report.positionsE8).toEqual({ paradex: { venue: 0, journal: 0 }, vest: { venue: 0, journal: 0 } });
    // Not all of them hit an engine at rest.
    expect(Object.keys(report.killedIn).some((state) => state !== 'FLAT' && state !== 'none yet')).toBe(true);
  } finally {
    await home.remove();
  }
});
