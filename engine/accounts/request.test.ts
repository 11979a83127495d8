import { describe, expect, it } from 'vitest';
import { readRequest } from './request.ts';
import { withoutSecrets } from './secrets.ts';

const paradex = { network: 'custom', restUrl: 'http://venue.test/v1/', wsUrl: 'ws://venue.test/v1' };
const vest = { ...paradex, restUrl: 'http://venue.test/v2', verifyingContract: `0x${'1'.repeat(40)}` };
const key = { accountAddress: '0x123', privateKey: `0x${'ab'.repeat(32)}` };

function refusal(value: unknown): { code: string; message: string } {
  try {
    readRequest(value);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('it was taken');
}

describe('a request', () => {
  it('is taken, with a slash behind an address dropped', () => {
    const request = readRequest({ task: 'paradex.test', endpoint: paradex, key });
    expect(request).toMatchObject({ task: 'paradex.test', endpoint: { restUrl: 'http://venue.test/v1' } });
  });

  it.each([
    [{ task: 'paradex.test', endpoint: paradex, key: { ...key, privateKey: 'abcdef0123' } }, 'HS_PARADEX_KEY_FORMAT'],
    [{ task: 'paradex.test', endpoint: paradex, key: { ...key, accountAddress: 'me' } }, 'HS_PARADEX_KEY_FORMAT'],
    [
      { task: 'paradex.makeSubkey', endpoint: paradex, mainKey: { privateKey: key.privateKey }, name: 'x' },
      'HS_PARADEX_KEY_FORMAT',
    ],
    [{ task: 'vest.register', endpoint: vest, primaryKey: '0xabcdef0123', expiresAt: 1 }, 'HS_VEST_KEY_FORMAT'],
    [{ task: 'vest.test', endpoint: vest, key: { signingPrivateKey: 'abcdef0123' } }, 'HS_VEST_KEY_FORMAT'],
    [{ task: 'paradex.test', endpoint: { ...paradex, restUrl: 'venue' }, key }, 'HS_ACCOUNTS_REQUEST'],
    [{ task: 'unknown' }, 'HS_ACCOUNTS_REQUEST'],
    [undefined, 'HS_ACCOUNTS_REQUEST'],
  ])('is refused with its own code and without its values', (value, code) => {
    const error = refusal(value);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('abcdef0123');
  });
});

describe('words that leave the program', () => {
  const request = { task: 'vest.test', key: { signingPrivateKey: key.privateKey, apiKey: 'k.e+y(123' } };

  it('have every secret of the request struck out, however it is written', () => {
    const text = `bad ${key.privateKey}, ${'AB'.repeat(32)} and k.e+y(123`;
    expect(withoutSecrets(text, request)).toBe('bad [secret], [secret] and [secret]');
  });

  it('are left alone otherwise', () => {
    expect(withoutSecrets('bad key vest.test', request)).toBe('bad key vest.test');
    expect(withoutSecrets('bad key', undefined)).toBe('bad key');
  });
});
