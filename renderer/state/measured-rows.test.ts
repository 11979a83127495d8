import { describe, expect, it } from 'vitest';
import type { Prediction } from '../../main/ipc/cloud-schema.ts';
import type { Outlook } from '../../main/ipc/site-schema.ts';
import { sampleSite } from '../../main/ipc/sample-site.test-helper.ts';
import { axisEnd, measuredRows } from './measured-rows.ts';

const none = { n: 0 };
const probes = (venue: 'paradex' | 'vest', p50?: number) => ({
  venue,
  host: venue,
  tcpConnect: p50 === undefined ? none : { n: 20, min: p50 - 0.1, p50, p95: p50 + 1, max: p50 + 2 },
  tls: none,
  restWarm: none,
  failed: 0,
});
const siteWith = (paradex: number | undefined, vest: number | undefined) =>
  sampleSite('tyo', { measured: { startedAt: 0, venues: [probes('paradex', paradex), probes('vest', vest)] } });
const prediction: Prediction = {
  legs: [
    {
      venue: 'paradex',
      here: { venue: 'paradex', roundTripMs: 376, roundTrips: 9, orderToAckMs: 386, n: 9 },
      roundTrip: { kind: 'map', range: { low: 0.5, high: 5 }, floorMs: 0 },
    },
    { venue: 'vest' },
  ],
  orderToAckHereMs: 386,
};
const outlook: Outlook = { site: 'tyo', at: 0, prediction };
const verdicts = (rows: ReturnType<typeof measuredRows>) => rows.map(({ verdict }) => verdict);

describe('predicted against measured', () => {
  it('has nothing to say of a site nobody predicted or measured', () => {
    expect(measuredRows(sampleSite('tyo'), undefined)).toEqual([]);
    expect(measuredRows(undefined, undefined)).toEqual([]);
  });

  it('judges each line against its range; what was not predicted is not judged', () => {
    expect(verdicts(measuredRows(siteWith(3.2, 14), outlook))).toEqual(['asPredicted', 'notPredicted', 'noOrders']);
    expect(verdicts(measuredRows(siteWith(9, undefined), outlook))).toEqual(['slower', 'notReached', 'noOrders']);
    expect(verdicts(measuredRows(siteWith(0.2, 1), outlook))[0]).toBe('faster');
  });

  it('waits while the deploy has not measured yet', () => {
    expect(verdicts(measuredRows(undefined, outlook))).toEqual(['notYet', 'notYet', 'noOrders']);
  });

  it('gives a prediction that was one measurement some room', () => {
    const legs: Prediction['legs'] = [
      { venue: 'paradex', roundTrip: { kind: 'measured', ms: 20, n: 1 } },
      { venue: 'vest' },
    ];
    const looked: Outlook = { ...outlook, prediction: { legs } };
    expect(verdicts(measuredRows(siteWith(24, 1), looked))[0]).toBe('asPredicted');
    expect(verdicts(measuredRows(siteWith(26, 1), looked))[0]).toBe('slower');
  });

  it('promises for orders what the measured lines give, and says that none has gone yet', () => {
    const measured: Prediction = { legs: [], orderToAck: { low: 26, high: 26 } };
    expect(measuredRows(siteWith(3, 14), { ...outlook, measured })[2]).toMatchObject({
      hereMs: 386,
      expectedMs: 26,
      verdict: 'noOrders',
    });
  });
});

it('an axis ends at a round number beyond everything on it', () => {
  const [paradex, vest] = measuredRows(siteWith(3.2, 14), outlook);
  expect(axisEnd(paradex!)).toBe(8);
  expect(axisEnd(vest!)).toBe(20);
});
