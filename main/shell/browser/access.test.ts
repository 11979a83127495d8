import { describe, expect, it } from 'vitest';
import { createAccess, sameSecret } from './access.ts';

describe('access', () => {
  it('lets a link be exchanged once, and not after ten minutes', () => {
    let nowMs = 0;
    const access = createAccess(() => nowMs);
    const used = access.newLinkToken();
    const outcome = access.redeem(used);
    expect('cookie' in outcome && access.hasSession(outcome.cookie)).toBe(true);
    expect(access.redeem(used)).toEqual({ refused: 'spent' });
    const late = access.newLinkToken();
    nowMs = 10 * 60_000 + 1;
    expect(access.redeem(late)).toEqual({ refused: 'spent' });
    expect(access.redeem('never issued')).toEqual({ refused: 'unknown' });
  });

  it('keeps a bounded number of sessions, the newest', () => {
    const access = createAccess(() => 0);
    const cookies = Array.from({ length: 40 }, () => {
      const outcome = access.redeem(access.newLinkToken());
      return 'cookie' in outcome ? outcome.cookie : '';
    });
    expect(cookies.filter((cookie) => access.hasSession(cookie))).toEqual(cookies.slice(-32));
    expect(access.hasSession(undefined)).toBe(false);
  });

  it('compares secrets of any length', () => {
    expect([sameSecret('abc', 'abc'), sameSecret('abc', 'abd'), sameSecret('abc', 'abcd')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
