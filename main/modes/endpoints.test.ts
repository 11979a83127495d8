import { describe, expect, it } from 'vitest';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import type { EndpointsChoice } from '../ipc/endpoint-schema.ts';
import { DEFAULT_ENDPOINTS, deskFolderName, hostOf, mixesMoney, resolveEndpoints, sameEndpoints } from './endpoints.ts';

const local: EndpointsChoice = {
  paradex: { network: 'custom', custom: { restUrl: 'http://127.0.0.1:7100/v1', wsUrl: 'ws://127.0.0.1:7100/v1' } },
  vest: {
    network: 'custom',
    custom: {
      restUrl: 'http://127.0.0.1:7200/v2/',
      wsUrl: ' ws://127.0.0.1:7200/ws-api?version=1.0 ',
      verifyingContract: '',
    },
  },
};
const withParadex = (restUrl: string, wsUrl = 'wss://venue.example/v1'): EndpointsChoice => ({
  ...local,
  paradex: { network: 'custom', custom: { restUrl, wsUrl } },
});

describe('addresses of the venues', () => {
  it('are the published ones of the chosen network', () => {
    expect(resolveEndpoints(DEFAULT_ENDPOINTS)).toEqual(PUBLISHED_ENDPOINTS.production);
    expect(resolveEndpoints({ ...local, paradex: { ...local.paradex, network: 'testnet' } }).paradex).toEqual(
      PUBLISHED_ENDPOINTS.testnet.paradex,
    );
  });

  it('may be own ones, plain http on this machine; slashes and spaces around them go', () => {
    const { paradex, vest } = resolveEndpoints(local);
    expect(paradex).toEqual({
      network: 'custom',
      restUrl: 'http://127.0.0.1:7100/v1',
      wsUrl: 'ws://127.0.0.1:7100/v1',
    });
    expect(vest).toMatchObject({
      restUrl: 'http://127.0.0.1:7200/v2',
      wsUrl: 'ws://127.0.0.1:7200/ws-api?version=1.0',
      verifyingContract: PUBLISHED_ENDPOINTS.production.vest.verifyingContract,
    });
    expect([hostOf(paradex), hostOf(PUBLISHED_ENDPOINTS.production.paradex)]).toEqual([
      '127.0.0.1:7100',
      'api.prod.paradex.trade',
    ]);
    expect(resolveEndpoints(withParadex('http://localhost:1/v1', 'ws://[::1]:1/v1')).paradex.wsUrl).toBe(
      'ws://[::1]:1/v1',
    );
  });

  it.each([
    ['plain http to another machine', withParadex('http://api.prod.paradex.trade/v1'), /readable by everybody/],
    ['a name that only looks like this machine', withParadex('http://127.0.0.1.evil.example/v1'), /readable by/],
    ['a plain WebSocket to another machine', withParadex('https://v.example/v1', 'ws://v.example/v1'), /readable by/],
    ['another protocol', withParadex('ftp://v.example/v1'), /https:\/\//],
    ['WebSocket where REST belongs', withParadex('wss://v.example/v1'), /https:\/\//],
    ['something else', withParadex('v.example/v1'), /no address|https/],
    ['nothing', withParadex('  '), /empty/],
    ['a password in it', withParadex('https://me:secret@v.example/v1'), /name or password/],
    ['a fragment', withParadex('https://v.example/v1#x/v1'), /#/],
    ['Paradex without its version', withParadex('https://v.example'), /end in \/v1/],
    ['no custom addresses at all', { ...local, paradex: { network: 'custom' } } as const, /empty/],
    [
      'Vest without its version',
      {
        ...local,
        vest: { network: 'custom', custom: { ...local.vest.custom!, restUrl: 'https://v.example' } },
      } as const,
      /version/,
    ],
    [
      'a contract that is none',
      { ...local, vest: { network: 'custom', custom: { ...local.vest.custom!, verifyingContract: '0x12' } } } as const,
      /40 hex digits/,
    ],
  ])('refuses %s', (_what, choice, why) => {
    expect(() => resolveEndpoints(choice)).toThrow(why);
    expect(() => resolveEndpoints(choice)).toThrow(/Paradex|Vest/);
  });

  it('do not quote a password back', () => {
    expect(() => resolveEndpoints(withParadex('https://me:secret@v.example/v1'))).not.toThrow(/secret/);
  });

  it('mix real and play money only where both are published, and one is the testnet', () => {
    const { production, testnet } = PUBLISHED_ENDPOINTS;
    expect(mixesMoney({ paradex: production.paradex, vest: testnet.vest })).toBe(true);
    expect(mixesMoney({ paradex: resolveEndpoints(local).paradex, vest: testnet.vest })).toBe(true);
    expect([mixesMoney(production), mixesMoney(testnet), mixesMoney(resolveEndpoints(local))]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('folder of a desk', () => {
  const { production, testnet } = PUBLISHED_ENDPOINTS;
  it('differs by mode, network, own addresses and account', () => {
    const names = [
      deskFolderName('paper', production),
      deskFolderName('paper', testnet),
      deskFolderName('paper', resolveEndpoints(local)),
      deskFolderName('paper', resolveEndpoints(withParadex('http://127.0.0.1:7101/v1'))),
      deskFolderName('live', production, ['0xAB', '0xcd']),
      deskFolderName('live', production, ['0xAB', '0xce']),
      deskFolderName('live', { paradex: production.paradex, vest: testnet.vest }, ['0xAB', '0xcd']),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^(paper|live)-[a-z0-9-]+$/.test(name))).toBe(true);
    expect(names[0]).toBe('paper-production');
  });

  it('is the same for the same addresses and accounts, however these are written', () => {
    expect(deskFolderName('live', production, ['0xAB', '0xcd'])).toBe(
      deskFolderName('live', structuredClone(production), ['0xab', '0xCD']),
    );
    expect(sameEndpoints(production, structuredClone(production))).toBe(true);
    expect(sameEndpoints(production, testnet)).toBe(false);
  });
});
