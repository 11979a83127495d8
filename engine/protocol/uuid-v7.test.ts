import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { uuidV7, uuidV7TimeMs } from './uuid-v7.ts';

describe('uuidV7', () => {
  it('writes the example of RFC 9562 appendix A.6', () => {
    const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it.each([0x00, 0xff])('is a valid UUID of version 7 for random bytes of 0x%s', (byte) => {
    const id = uuidV7(1_700_000_000_123, new Uint8Array(10).fill(byte));
    expect(z.uuidv7().safeParse(id).success).toBe(true);
    expect(uuidV7TimeMs(id)).toBe(1_700_000_000_123);
  });

  it('reads no time from other versions', () => {
    expect(uuidV7TimeMs('9b2f1c54-5c0b-4f0e-8c55-0a6d5ad2a1f0')).toBeUndefined();
  });
});
