import { describe, expect, it } from 'vitest';
import { RateLimits } from './rate-limits.ts';
import { PracticeVenue, type Json } from './testing/practice-venue.ts';

function countAllowed(limits: RateLimits, tries: number, owner = 'a'): number {
  return Array.from({ length: tries }, () => limits.take('privateReads', owner)).filter(({ allowed }) => allowed)
    .length;
}

describe('rate limits', () => {
  it('let a burst through and refill continuously, per account', () => {
    let nowUs = 0;
    const limits = new RateLimits(() => nowUs);
    expect(countAllowed(limits, 200)).toBe(120);
    expect(countAllowed(limits, 200, 'b')).toBe(120);
    nowUs += 100_000;
    expect(countAllowed(limits, 200)).toBe(12);
  });

  it('hold the minute beside the second', () => {
    let nowUs = 0;
    const limits = new RateLimits(() => nowUs);
    let allowed = 0;
    for (let second = 0; second < 60; second++, nowUs += 1_000_000) allowed += countAllowed(limits, 120);
    expect(allowed).toBe(600 + 590);
  });

  it('say when to come back', () => {
    const limits = new RateLimits(() => 1_000_000);
    for (let request = 0; request < 600; request++) limits.take('auth');
    expect(limits.take('auth')).toEqual({
      allowed: false,
      headers: {
        'x-ratelimit-limit': '600',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '2',
        'x-ratelimit-window': '60',
        'retry-after': '1',
      },
    });
  });

  it('answer 429 over REST and 42901 over WebSocket, from one counter for orders', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const socket = venue.tradingSocket();
    for (let id = 1_000; id < 1_800; id++) socket.send({ id, method: 'order.cancel', params: { id: '1' } });
    const refused = venue.rest('DELETE', '/v1/orders/1', { token, advanceUs: 0 });
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    socket.send({ id: 2_000, method: 'order.cancel', params: { id: '1' } });
    expect((socket.reply(2_000)!.error as Json).code).toBe(42901);
    const unlimited = new PracticeVenue({ switches: { enforcesRateLimits: false } });
    for (let request = 0; request < 1_600; request++) unlimited.rest('GET', '/v1/system/time', { advanceUs: 0 });
    expect(unlimited.rest('GET', '/v1/system/time', { advanceUs: 0 }).status).toBe(200);
  });
});
