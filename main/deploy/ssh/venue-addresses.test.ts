import { describe, expect, it } from 'vitest';
import { lineOf, throughTunnel, venuePorts } from './venue-addresses.ts';

const addresses = (paradex: number, vest: number) => ({
  paradex: { restUrl: `http://127.0.0.1:${paradex}/v1`, wsUrl: `ws://127.0.0.1:${paradex}/v1` },
  vest: { restUrl: `http://127.0.0.1:${vest}/v2`, wsUrl: `ws://127.0.0.1:${vest}/ws-api?version=1.0` },
});
const home = addresses(7100, 7101);
const near = addresses(7200, 7201);
const description = {
  ...home,
  paradex: { ...home.paradex, accounts: ['kept'] },
  instance: 'kept too',
  network: 'adsl-rural',
  link: { orderToAckMs: 386, orderProcessingMs: 10, description: 'rural' },
  otherLines: [{ network: 'vps-near', orderToAckMs: 41, ...near }],
  statusUrl: 'http://127.0.0.1:7300/',
};

describe('addresses of the practice venues', () => {
  it('names every port an engine connects to once, and not the status page', () => {
    expect(venuePorts(description)).toEqual([7100, 7101, 7200, 7201]);
    expect(venuePorts(lineOf(description, 'vps-near'))).toEqual([7200, 7201]);
  });

  it('moves all addresses to the other end of a tunnel and leaves the rest as it is', () => {
    const there = addresses(17100, 17101);
    expect(throughTunnel(description, (port) => port + 10_000)).toEqual({
      ...there,
      paradex: { ...there.paradex, accounts: ['kept'] },
      instance: 'kept too',
      network: 'adsl-rural',
      link: description.link,
      otherLines: [{ network: 'vps-near', orderToAckMs: 41, ...addresses(17200, 17201) }],
    });
  });

  it('gives one line its addresses and name, the first line too', () => {
    expect(lineOf(description, 'vps-near')).toMatchObject({
      network: 'vps-near',
      link: { orderToAckMs: 41 },
      paradex: { ...near.paradex, accounts: ['kept'] },
      vest: near.vest,
      otherLines: [],
    });
    expect(lineOf(description, 'adsl-rural')).toMatchObject({ ...home, network: 'adsl-rural', otherLines: [] });
  });

  it('refuses a line the venues do not have, and what is no description', () => {
    expect(() => lineOf(description, 'fibre')).toThrow(
      expect.objectContaining({ code: 'HS_PRACTICE_LINE', message: expect.stringContaining('adsl-rural, vps-near') }),
    );
    for (const use of [venuePorts, (it: unknown) => lineOf(it, 'x'), (it: unknown) => throughTunnel(it, Number)]) {
      expect(() => use({ ...description, vest: { restUrl: 'nowhere' } })).toThrow(
        expect.objectContaining({ code: 'HS_PRACTICE_DESCRIPTION', message: expect.stringContaining('vest.restUrl') }),
      );
    }
  });
});
