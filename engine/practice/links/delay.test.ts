import { expect, test } from 'vitest';
import { delayUs, FifoDelay, jitterMs } from './delay.ts';
import { linkPreset, linkPresets } from './presets.ts';

const MINUTE_US = 60_000_000;

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

test('jitter is bounded, its median is 0 and its right tail the longer one', () => {
  const profile = { medianMs: 188, jitterBelowMs: 4, jitterAboveMs: 45 };
  expect([jitterMs(profile, 0), jitterMs(profile, 0.5), jitterMs(profile, 1)]).toEqual([-4, 0, 45]);
  expect(jitterMs(profile, 0.95)).toBeGreaterThan(-jitterMs(profile, 0.05));
});

test.each(linkPresets.map((preset) => [preset.id, preset] as const))(
  '%s: order to acknowledgement has the stated median on each leg, within 2 %%',
  (_, preset) => {
    for (const leg of [preset.legs.paradex, preset.legs.vest]) {
      const totals: number[] = [];
      for (let sentUs = 0; sentUs < 60 * MINUTE_US; sentUs += 1_234_567) {
        const receivedUs = sentUs + delayUs(leg.toVenue, 1, sentUs);
        const ackedUs = receivedUs + preset.orderProcessingMs * 1000;
        totals.push((ackedUs + delayUs(leg.fromVenue, 2, ackedUs) - sentUs) / 1000);
      }
      expect(Math.abs(median(totals) / preset.orderToAckMs - 1)).toBeLessThan(0.02);
    }
  },
);

test('adsl-rural and vps-near are the presets the story names', () => {
  expect([linkPreset('adsl-rural').orderToAckMs, linkPreset('vps-near').orderToAckMs]).toEqual([386, 41]);
});

test('nothing overtakes, and a dense feed keeps the median of the line', () => {
  const profile = linkPreset('adsl-rural').legs.paradex.fromVenue;
  const line = new FifoDelay(profile, 3);
  const delays: number[] = [];
  let lastUs = 0;
  for (let sentUs = 0; sentUs < 5 * MINUTE_US; sentUs += 2500) {
    const arrivalUs = line.arrivalUs(sentUs);
    expect(arrivalUs).toBeGreaterThanOrEqual(lastUs);
    lastUs = arrivalUs;
    delays.push((arrivalUs - sentUs) / 1000);
  }
  expect(Math.abs(median(delays) / profile.medianMs - 1)).toBeLessThan(0.02);
});

test('an unknown network is refused with the known ones', () => {
  expect(() => linkPreset('dsl')).toThrow(
    expect.objectContaining({ code: 'HS_NETWORK_UNKNOWN', remedy: expect.stringContaining('adsl-rural') }),
  );
});
