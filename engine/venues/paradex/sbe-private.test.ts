import { describe, expect, it } from 'vitest';
import { SbeFrameError } from './sbe.ts';
import { decodePrivateFrame } from './sbe-private.ts';
import sbe from './vectors/sbe.json' with { type: 'json' };

const frames = sbe.samples.map(({ hex }) => Buffer.from(hex, 'hex'));
const ofTemplate = (templateId: number): Buffer[] => frames.filter((frame) => frame.readUInt16LE(2) === templateId);

describe('private events in binary', () => {
  it('orders have the JSON shape', () => {
    expect(ofTemplate(20).map(decodePrivateFrame)).toMatchObject([
      {
        kind: 'order',
        order: {
          id: '1681462103821101699438490000',
          client_id: 'c-1',
          status: 'OPEN',
          size: '0.15',
          remaining_size: '0.1',
          instruction: 'GTC',
          received_at: 1795000000117.456,
        },
      },
      { kind: 'order', order: { status: 'CLOSED', remaining_size: '0', price: '', client_id: '' } },
    ]);
  });

  it('fills have the JSON shape', () => {
    expect(ofTemplate(21).map(decodePrivateFrame)).toMatchObject([
      {
        kind: 'fill',
        fill: { id: '8615262148007718462', client_id: 'c-1', size: '0.05', fee: '1.395', fee_currency: 'USDC' },
      },
      { kind: 'fill', fill: { side: 'SELL', realized_pnl: '3.5', created_at: 1795000000122.456 } },
    ]);
  });

  it('other messages are none, broken ones are refused', () => {
    for (const templateId of [2, 22, 23, 40]) expect(ofTemplate(templateId).map(decodePrivateFrame)[0]).toBeUndefined();
    expect(() => decodePrivateFrame(ofTemplate(21)[0]!.subarray(0, 100))).toThrow(SbeFrameError);
  });
});
