import { describe, expect, test } from 'vitest';
import { legNearest, legStages, stageTotals } from './stages.ts';
import { sampleSnapshot } from '../sample/snapshot.ts';

const stamped = { t0: -29.4, t1: -0.4, t2: 0, t3: 0.2, t4: 0.4, t5: 26.4, t6: 350.2, t7: 360.4, t8: 386.4 };

describe('the stretches of a leg', () => {
  test('cover the time from the socket to the confirmation without a gap or an overlap', () => {
    const stages = legStages({ stamps: stamped }, 300, 0.4).filter((stage) => stage.kind !== 'feed');
    for (const [index, stage] of stages.entries()) {
      if (index > 0) expect(stage.from).toBe(stages[index - 1]!.to);
    }
    expect(stages[0]!.from).toBe(-0.4);
    expect(stages.at(-1)!.to).toBe(386.4);
  });

  test('give the bump to the venue side right after arrival', () => {
    const totals = stageTotals(legStages({ stamps: stamped }, 300, 0.4));
    expect(totals.bump).toBeCloseTo(300);
    expect(totals.line).toBeCloseTo(52);
    expect(totals.venue).toBeCloseTo(34);
    expect(totals.ours).toBeCloseTo(0.8);
    expect(totals.feed).toBeCloseTo(29);
  });

  test('without any stamp of the venue, line and venue are one', () => {
    const { t0, t1, t2, t4, t8 } = stamped;
    const stages = legStages({ stamps: { t0, t1, t2, t4, t8 } }, 0, 0.4);
    expect(stages.map((stage) => stage.kind)).toEqual(['feed', 'ours', 'mixed']);
  });

  test('with the match alone, both ends are mixed and nothing is called line', () => {
    const stages = legStages({ stamps: { t1: 0, t4: 1, t6: 10, t8: 21 } }, 0, 0.1);
    expect(stages.map((stage) => stage.kind)).toEqual(['ours', 'mixed', 'mixed']);
    expect(stages.at(-1)!.to).toBe(21);
  });

  test('stamps beyond the confirmation, from clock error, are kept inside it', () => {
    const stages = legStages({ stamps: { ...stamped, t7: 390 } }, 0, 0.4);
    expect(Math.max(...stages.map((stage) => stage.to))).toBe(386.4);
  });

  test('an order without an answer shows what is known', () => {
    expect(legStages({ stamps: { t1: -0.2, t2: 0, t4: 0.5 } }, 0, 0.2).map((stage) => stage.kind)).toEqual(['ours']);
  });

  test('a book that did not change for a while is not called late, nor its waiting ours', () => {
    const [feed, ours] = legStages({ stamps: { t0: -449, t1: -360, t4: 8 }, feedAgeMs: 89 }, 0, 0.5);
    expect(feed).toEqual({ kind: 'feed', from: -89.5, to: -0.5 });
    expect(ours).toEqual({ kind: 'ours', from: -0.5, to: 8 });
  });
});

test('the leg nearest to a median is of the wanted venue', () => {
  const { trades } = sampleSnapshot();
  const nearest = legNearest(trades, 'vest', 390);
  expect(nearest?.leg.venue).toBe('vest');
  expect(legNearest(trades, 'nobody', 390)).toBeUndefined();
});
