import { describe, expect, it } from 'vitest';
import { PUBLISHED_ENDPOINTS } from '../protocol/endpoints.ts';
import { endpointsOf } from './probe.ts';

const own = {
  paradexRest: 'http://127.0.0.1:7100/v1/',
  paradexWs: 'ws://127.0.0.1:7100/v1',
  vestRest: 'http://127.0.0.1:7101/v2',
  vestWs: 'ws://127.0.0.1:7101/ws-api?version=1.0',
  vestContract: PUBLISHED_ENDPOINTS.production.vest.verifyingContract,
};

describe('addresses of a probe', () => {
  it('are the published ones of a network, production by default', () => {
    expect(endpointsOf({})).toEqual(PUBLISHED_ENDPOINTS.production);
    expect(endpointsOf({ network: 'testnet' })).toEqual(PUBLISHED_ENDPOINTS.testnet);
  });

  it('are one’s own when all are given', () => {
    expect(endpointsOf(own)).toMatchObject({
      paradex: { network: 'custom', restUrl: 'http://127.0.0.1:7100/v1' },
      vest: { network: 'custom', wsUrl: own.vestWs },
    });
  });

  it.each([
    [{ network: 'moon' }, '"moon"'],
    [{ network: 'testnet', vestWs: own.vestWs }, 'exclude each other'],
    [{ paradexRest: own.paradexRest }, '--paradex-ws, --vest-rest, --vest-ws, --vest-contract missing'],
    [{ ...own, vestRest: 'vest' }, '--vest-rest: '],
    [{ ...own, vestWs: own.vestRest }, '--vest-ws: '],
    [{ ...own, vestContract: '0x12' }, '--vest-contract: '],
  ])('are refused by name: %o', (options, words) => {
    expect(() => endpointsOf(options)).toThrow(words);
  });
});
