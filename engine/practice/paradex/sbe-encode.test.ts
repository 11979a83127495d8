import { describe, expect, it } from 'vitest';
import { parseE8 } from '../../core/units.ts';
import { encodeBbo, encodeBook, encodeHeartbeat, encodeSummary, encodeTrade, type SbeVersion } from './sbe-encode.ts';
import { decodeSbe, LAYOUT, type SampleValues } from './testing/sbe-decode.ts';

function samples(templateId: number): { hex: string; values: SampleValues; version: SbeVersion }[] {
  return LAYOUT.samples
    .filter(({ decoded }) => decoded._templateId === templateId)
    .map(({ hex, decoded }) => ({ hex, values: decoded, version: decoded._version }));
}

function level(price: string | null, size: string | null) {
  return price === null ? undefined : { priceE8: parseE8(price), sizeE8: parseE8(size!) };
}

function levels(entries: [string, string][]) {
  return entries.map(([price, size]) => level(price, size)!);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('frames equal the samples byte for byte', () => {
  it('bbo, recorded from the venue and with an empty side', () => {
    expect(samples(2).length).toBe(2);
    for (const { hex: expected, values, version } of samples(2)) {
      const bid = level(values.bidPrice, values.bidSize);
      const ask = level(values.askPrice, values.askSize);
      const bbo = { tsUs: values.ts, sequence: values.seq, bid, ask, market: values.market };
      expect(hex(encodeBbo(bbo, version))).toBe(expected);
    }
  });

  it('book snapshots and deltas, three recorded from the venue', () => {
    const plain = samples(3).filter(({ values }) => values.bestBidPrice === null);
    expect(plain.length).toBe(4);
    for (const { hex: expected, values, version } of plain) {
      const book = {
        tsUs: values.ts,
        sequence: values.seq,
        snapshot: values.pkgType === 'SNAPSHOT',
        bids: levels(values.bids),
        asks: levels(values.asks),
        market: values.market,
      };
      expect(hex(encodeBook(book, version))).toBe(expected);
    }
  });

  it('trades in version 1', () => {
    const { hex: expected, values } = samples(1).find(({ version }) => version === 1)!;
    const trade = {
      tsUs: values.ts,
      sequence: values.seq,
      id: String(values.tradeId),
      side: values.side,
      priceE8: parseE8(values.price),
      sizeE8: parseE8(values.size),
      createdAtUs: values.createdAt,
      market: values.market,
    };
    expect(hex(encodeTrade(trade, 1))).toBe(expected);
  });

  it('heartbeats', () => {
    const { hex: expected, values, version } = samples(40)[0]!;
    expect(hex(encodeHeartbeat(values.ts, values.seq, version))).toBe(expected);
  });
});

describe('frames that no sample covers decode by the published layout', () => {
  it('trades in version 2 carry the whole id, and its low 64 bits in the numeric field', () => {
    const id = '1681462103821101699438490000';
    const trade = {
      tsUs: 1_795_000_000_123_456,
      sequence: 7_687_289_235,
      id,
      side: 'SELL' as const,
      priceE8: parseE8('84209.4'),
      sizeE8: parseE8('0.001'),
      createdAtUs: 1_795_000_000_122_556,
      market: 'BTC-USD-PERP',
    };
    expect(decodeSbe(encodeTrade(trade, 2))).toEqual({
      message: 'TradeEvent',
      version: 2,
      ts: 1_795_000_000_123_456n,
      seq: 7_687_289_235n,
      tradeId: BigInt.asIntN(64, BigInt(id)),
      side: 2,
      price: 8_420_940_000_000n,
      size: 100_000n,
      createdAt: 1_795_000_000_122_556n,
      tradeType: 1,
      market: 'BTC-USD-PERP',
      tradeIdStr: id,
    });
    expect(decodeSbe(encodeTrade(trade, 0)).tradeIdStr).toBeUndefined();
  });

  it.each([0, 1, 2] as const)('market summary in version %i', (version) => {
    const summary = {
      tsUs: 1_795_000_000_123_456,
      markPriceE8: parseE8('84209.35'),
      lastPriceE8: parseE8('84209.3'),
      volumeE8: 12_345_678_900_000_000n,
      bid: level('84209.3', '0.001'),
      ask: level('84209.4', '0.003'),
      market: 'BTC-USD-PERP',
    };
    const decoded = decodeSbe(encodeSummary(summary, version));
    expect(decoded).toMatchObject({
      message: 'MarketSummaryEvent',
      markPrice: 8_420_935_000_000n,
      lastPrice: 8_420_930_000_000n,
      volumeUsd24h: 12_345_678_900_000_000n,
      bid: 8_420_930_000_000n,
      ask: 8_420_940_000_000n,
      markIv: null,
      externalFairPrice: 8_420_935_000_000n,
      bidSize: 100_000n,
      askSize: 300_000n,
      market: 'BTC-USD-PERP',
    });
    expect('fundingRatePrecise' in decoded).toBe(version >= 1);
  });

  it('a snapshot of 300 levels a side', () => {
    const bids = Array.from({ length: 300 }, (_, index) => ({ priceE8: 6e12 - index * 1e7, sizeE8: 1_000 + index }));
    const asks = Array.from({ length: 300 }, (_, index) => ({ priceE8: 6e12 + index * 1e7, sizeE8: 5_000 + index }));
    const decoded = decodeSbe(encodeBook({ tsUs: 1, sequence: 2, snapshot: true, bids, asks, market: 'X' }, 1));
    expect(decoded.bids).toEqual(bids.map(({ priceE8, sizeE8 }) => ({ price: BigInt(priceE8), size: BigInt(sizeE8) })));
    expect(decoded.asks).toHaveLength(300);
    expect(decoded.pkgType).toBe(0);
  });
});
