import { describe, expect, it } from 'vitest';
import { VestClock } from './venue-clock.ts';

const base = Date.UTC(2026, 0, 1);

function clockAt(monotonicMs: number): VestClock {
  return new VestClock({ monotonicMs: () => monotonicMs, wallMs: () => 1_234.9 });
}

describe('vest clock', () => {
  it('has no offset before the first answer and uses the wall clock', () => {
    const clock = clockAt(0);
    expect(clock.offset()).toBeUndefined();
    expect(clock.safeNowMs()).toBe(1234);
  });

  it('takes the HTTP date with its grain in the error', () => {
    const clock = clockAt(1000);
    clock.addAnswer(100, 300, new Date(base).toUTCString());
    expect(clock.offset()).toEqual({ offsetMs: base + 500 - 200, errorMs: 600, samples: 1 });
  });

  it('prefers the account time, whose error is half the round trip, and is never ahead of the venue', () => {
    const clock = clockAt(1000);
    clock.addAnswer(100, 300, new Date(base).toUTCString(), base + 700);
    clock.addAnswer(400, 800, new Date(base).toUTCString());
    expect(clock.offset()).toEqual({ offsetMs: base + 500, errorMs: 101, samples: 2 });
    // The venue read 700 between 100 and 300: at 1000 it reads between base + 1400 and base + 1600.
    expect(clock.safeNowMs()).toBe(base + 1399);
    expect(clock.toMonotonicMs(base + 700)).toBe(200);
  });

  it('does not believe an account time that contradicts the date', () => {
    const clock = clockAt(0);
    expect(clock.addAnswer(0, 100, new Date(base).toUTCString(), base - 60_000)).toBe(false);
    expect(clock.offset()).toMatchObject({ errorMs: 550 });
  });
});
