import { HEADER_BYTES, SbeFrameError, templateIdOf } from './sbe.ts';
import { enumName, isEnum, MESSAGE_LAYOUTS } from './sbe-layouts.ts';
import type { FieldLayout, MessageLayout } from './sbe-layouts.ts';

/** Decimals are strings, times microseconds, `null` = the venue gave no value. A level is `[price, size]`. */
export type SbeValue = string | number | null | [string, string][];

export interface SbeMessage {
  templateId: number;
  version: number;
  name: string;
  /** Only fields the frame's version and block length hold. */
  fields: Record<string, SbeValue>;
  /** Bytes behind the last known field. */
  trailingBytes: number;
}

const INT64_MIN = -(2n ** 63n);
const LEVEL_BYTES = 16;

/**
 * Decodes any known message, field by field: for private events, trades and tests. Undefined for unknown templates, which a
 * client must skip. A field exists when the frame's version has it AND it lies inside the block (version 2 was extended in place).
 * @throws SbeFrameError when the frame is cut short.
 */
export function decodeSbeMessage(frame: Uint8Array): SbeMessage | undefined {
  const layout = MESSAGE_LAYOUTS.get(templateIdOf(frame));
  if (!layout) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  try {
    return decode(view, layout);
  } catch (error) {
    if (error instanceof RangeError) throw new SbeFrameError(`${layout.name} ends early (${frame.length} bytes)`);
    throw error;
  }
}

function decode(view: DataView, layout: MessageLayout): SbeMessage {
  const blockLength = view.getUint16(0, true);
  const version = view.getUint16(6, true);
  const fields: Record<string, SbeValue> = {};
  for (const field of layout.fields) {
    if (version < field.sinceVersion) continue;
    if (field.offset + field.bytes > blockLength) {
      if (field.sinceVersion === 0) throw new SbeFrameError(`${layout.name} with a block of ${blockLength} bytes`);
      continue;
    }
    fields[field.name] = readField(view, HEADER_BYTES + field.offset, field);
  }
  let offset = HEADER_BYTES + blockLength;
  for (const group of layout.groups) {
    const entryBytes = view.getUint16(offset, true);
    const entries = view.getUint16(offset + 2, true);
    if (entries > 0 && entryBytes < LEVEL_BYTES) throw new SbeFrameError(`levels of ${entryBytes} bytes`);
    const levels: [string, string][] = [];
    offset += 4;
    for (let index = 0; index < entries; index++, offset += entryBytes) {
      levels.push([decimal(view.getBigInt64(offset, true), 8), decimal(view.getBigInt64(offset + 8, true), 8)]);
    }
    fields[group] = levels;
  }
  for (const text of layout.texts) {
    if (version < text.sinceVersion || offset >= view.byteLength) continue;
    const length = view.getUint8(offset);
    if (offset + 1 + length > view.byteLength) throw new SbeFrameError(`${layout.name} ends within ${text.name}`);
    fields[text.name] = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + offset + 1, length));
    offset += 1 + length;
  }
  return {
    templateId: view.getUint16(2, true),
    version,
    name: layout.name,
    fields,
    trailingBytes: Math.max(0, view.byteLength - offset),
  };
}

function readField(view: DataView, offset: number, { name, type }: FieldLayout): SbeValue {
  switch (type) {
    case 'time':
    case 'i64':
      return Number(view.getBigInt64(offset, true));
    case 'i64?': {
      const value = view.getBigInt64(offset, true);
      return value === INT64_MIN ? null : Number(value);
    }
    case 'u64':
      return Number(view.getBigUint64(offset, true));
    case 'i16':
      return view.getInt16(offset, true);
    case 'u8':
      return view.getUint8(offset);
    case 'e8':
    case 'e12':
      return decimal(view.getBigInt64(offset, true), type === 'e8' ? 8 : 12);
    case 'e8?':
    case 'e12?': {
      const mantissa = view.getBigInt64(offset, true);
      return mantissa === INT64_MIN ? null : decimal(mantissa, type === 'e8?' ? 8 : 12);
    }
    case 'address': {
      let felt = 0n;
      for (let index = 0; index < 32; index++) felt = (felt << 8n) | BigInt(view.getUint8(offset + index));
      return `0x${felt.toString(16)}`;
    }
    default: {
      const value = view.getUint8(offset);
      const text = isEnum(type) ? enumName(type, value) : undefined;
      if (text === undefined) throw new SbeFrameError(`${name} has the unknown value ${value}`);
      return text;
    }
  }
}

function decimal(mantissa: bigint, places: number): string {
  const digits = (mantissa < 0n ? -mantissa : mantissa).toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return (mantissa < 0n ? '-' : '') + digits.slice(0, -places) + (fraction ? `.${fraction}` : '');
}
