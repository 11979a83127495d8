/**
 * Decoder for tests alone, driven by the published layout (vectors/sbe.json) and not by the encoder's code, so that both
 * would have to be wrong in the same way.
 */
import { readFileSync } from 'node:fs';

interface Field {
  name: string;
  type: string;
  offset: number;
  bytes: number;
  sinceVersion?: number;
}
interface Message {
  name: string;
  fields: Field[];
  groups: { name: string; fields: Field[] }[];
  varData: { name: string }[];
}
/** Values of a sample; which are present depends on its template. Decimals as text. */
export interface SampleValues {
  _templateId: number;
  _version: 0 | 1 | 2;
  ts: number;
  seq: number;
  market: string;
  bidPrice: string | null;
  bidSize: string | null;
  askPrice: string | null;
  askSize: string | null;
  bestBidPrice: string | null;
  pkgType: 'SNAPSHOT' | 'DELTA';
  bids: [string, string][];
  asks: [string, string][];
  tradeId: number;
  side: 'BUY' | 'SELL';
  price: string;
  size: string;
  createdAt: number;
}
export interface SbeSample {
  what: string;
  hex: string;
  decoded: SampleValues;
}
interface Layout {
  messages: Record<string, Message>;
  samples: SbeSample[];
}

export const LAYOUT = JSON.parse(
  readFileSync(new URL('../../../venues/paradex/vectors/sbe.json', import.meta.url), 'utf8'),
) as Layout;

export type Decoded = Record<string, bigint | number | string | null | Record<string, bigint>[]> & { message: string };

/** Integers as bigint, nulls as null, enums as their number, texts as strings. */
export function decodeSbe(bytes: Uint8Array): Decoded {
  const data = Buffer.from(bytes);
  const blockLength = data.readUInt16LE(0);
  const version = data.readUInt16LE(6);
  const message = LAYOUT.messages[String(data.readUInt16LE(2))]!;
  const decoded: Decoded = { message: message.name, version };
  for (const field of message.fields) {
    if ((field.sinceVersion ?? 0) > version || field.offset + field.bytes > blockLength) continue;
    decoded[field.name] = readField(data, 8 + field.offset, field);
  }
  let offset = 8 + blockLength;
  for (const group of message.groups) {
    const stride = data.readUInt16LE(offset);
    const count = data.readUInt16LE(offset + 2);
    offset += 4;
    const entries: Record<string, bigint>[] = [];
    for (let index = 0; index < count; index++, offset += stride) {
      entries.push(
        Object.fromEntries(group.fields.map((field) => [field.name, data.readBigInt64LE(offset + field.offset)])),
      );
    }
    decoded[group.name] = entries;
  }
  for (const { name } of message.varData) {
    if (offset >= data.length) break;
    const length = data.readUInt8(offset);
    decoded[name] = data.toString('utf8', offset + 1, offset + 1 + length);
    offset += 1 + length;
  }
  if (offset !== data.length) throw new Error(`${data.length - offset} bytes are left after ${message.name}`);
  return decoded;
}

function readField(data: Buffer, offset: number, field: Field): bigint | number | null {
  if (field.bytes === 1) return data.readUInt8(offset);
  const value = data.readBigInt64LE(offset);
  return field.type.endsWith('NULL') && value === -(2n ** 63n) ? null : value;
}
