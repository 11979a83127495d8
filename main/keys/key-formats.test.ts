import { describe, expect, it } from 'vitest';
import { readApiKey, readEthereumKey, readNewPassphrase, readStarkKey } from './key-formats.ts';

const STARK = `0x02${'a1'.repeat(31)}`;
const ETHEREUM = `0x${'c3'.repeat(32)}`;
const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

describe('a pasted private key', () => {
  it.each([STARK, ` ${STARK}\n`, STARK.slice(2), STARK.toUpperCase().replace('0X', '0x'), `"${STARK}"`])(
    'is taken in its usual form: %s',
    (typed) => {
      expect(readStarkKey(typed)).toEqual({ secret: STARK });
    },
  );

  it.each([
    ['', 'HS_SECRET_EMPTY'],
    ['   ', 'HS_SECRET_EMPTY'],
    ['my key', 'HS_SECRET_NOT_HEX'],
    [words, 'HS_SECRET_WORDS'],
    [STARK.slice(0, 30), 'HS_SECRET_LENGTH'],
    [`${STARK}00`, 'HS_SECRET_LENGTH'],
    [ETHEREUM, 'HS_SECRET_NOT_STARK'],
    [`0x${'1f'.repeat(20)}`, 'HS_SECRET_ADDRESS'],
    [`0x${'0'.repeat(64)}`, 'HS_SECRET_RANGE'],
  ])('is refused with its reason: %s', (typed, code) => {
    expect(readStarkKey(typed)).toMatchObject({ refused: { code } });
  });

  it('is told from an address and a cut one for Vest, too', () => {
    expect(readEthereumKey(ETHEREUM)).toEqual({ secret: ETHEREUM });
    expect(readEthereumKey(`0x${'1f'.repeat(20)}`)).toMatchObject({ refused: { code: 'HS_SECRET_ADDRESS' } });
    expect(readEthereumKey(ETHEREUM.slice(0, -1))).toMatchObject({ refused: { code: 'HS_SECRET_LENGTH' } });
    expect(readEthereumKey(`0x${'f'.repeat(64)}`)).toMatchObject({ refused: { code: 'HS_SECRET_RANGE' } });
  });

  it('is never quoted in what is said about it', () => {
    for (const typed of ['my secret key', words, STARK.slice(0, 30), ETHEREUM, `${STARK}00`]) {
      for (const read of [readStarkKey, readEthereumKey, readApiKey]) {
        const result = read(typed);
        if ('refused' in result) expect(JSON.stringify(result)).not.toContain(typed.slice(0, 12));
      }
    }
  });
});

it('takes an API key that is one word, and a passphrase of twelve characters', () => {
  expect(readApiKey(' abc-DEF_123= ')).toEqual({ secret: 'abc-DEF_123=' });
  expect(readApiKey('two words')).toMatchObject({ refused: { code: 'HS_SECRET_API_KEY' } });
  expect(readNewPassphrase('elevenchars')).toMatchObject({ refused: { code: 'HS_SECRET_WEAK' } });
  expect(readNewPassphrase(' twelve chars')).toEqual({ secret: ' twelve chars' });
});
