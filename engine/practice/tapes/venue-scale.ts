import { ONE_E8, parseE8, trimE8 } from '../../core/units.ts';
import type { TapeVenueFile } from './tape-file.ts';

const MAX_UINT32 = 0xffff_ffff;

/** A value of the recording that the venue's market cannot show, or no number at all. The reader adds file and line. */
export class RecordedValueError extends Error {
  readonly code: 'HS_TAPE_LINE' | 'HS_TAPE_TICK';
  constructor(code: 'HS_TAPE_LINE' | 'HS_TAPE_TICK', message: string) {
    super(message);
    this.name = 'RecordedValueError';
    this.code = code;
  }
}

/**
 * Turns recorded prices and quantities into whole ticks and whole size steps of the venue that the stream plays.
 * Both fit into 32 bits; a price that is no multiple of the tick is refused, never rounded.
 */
export class VenueScale {
  readonly tickE8: number;
  readonly sizeStepE8: number;
  private readonly floors: boolean;
  /** 0 for linear contracts. */
  private readonly contractUsd: number;

  constructor(venue: TapeVenueFile) {
    this.tickE8 = parseE8(venue.tick);
    this.sizeStepE8 = parseE8(venue.sizeIncrement);
    this.floors = venue.sizeRounding === 'floor';
    this.contractUsd = venue.contract.kind === 'inverse' ? parseE8(venue.contract.contractUsd) / ONE_E8 : 0;
  }

  ticks(text: string): number {
    const priceE8 = toE8(text, 'price');
    if (priceE8 % this.tickE8 !== 0) {
      throw new RecordedValueError('HS_TAPE_TICK', `price ${text} is no multiple of the tick ${trimE8(this.tickE8)}`);
    }
    return within32Bits(priceE8 / this.tickE8, `price ${text}`);
  }

  /** Size steps of a recorded quantity; inverse contracts are worth contracts x contractUsd / price in coin, floored. */
  steps(text: string, priceTicks: number): number {
    const quantityE8 = toE8(text, 'quantity');
    if (this.contractUsd > 0) {
      const sizeE8 = ((quantityE8 / ONE_E8) * this.contractUsd * ONE_E8) / ((priceTicks * this.tickE8) / ONE_E8);
      // The tolerance keeps a quotient that is a whole number of steps from being floored to one less by the division.
      return within32Bits(Math.floor(sizeE8 / this.sizeStepE8 + 1e-6), `quantity ${text}`);
    }
    const rest = quantityE8 % this.sizeStepE8;
    if (rest !== 0 && !this.floors) {
      const step = trimE8(this.sizeStepE8);
      throw new RecordedValueError('HS_TAPE_TICK', `quantity ${text} is no multiple of the size increment ${step}`);
    }
    return within32Bits((quantityE8 - rest) / this.sizeStepE8, `quantity ${text}`);
  }
}

/** `parseE8` for the millions of short decimals of a recording: one multiplication, exact below 2^53. */
function toE8(text: string, what: string): number {
  const scaled = Number(text) * ONE_E8;
  const value = Math.round(scaled);
  if (text === '' || !(value >= 0) || value > Number.MAX_SAFE_INTEGER || Math.abs(scaled - value) > 0.01) {
    throw new RecordedValueError('HS_TAPE_LINE', `${what} "${text}" is no plain decimal of at most 8 places`);
  }
  return value;
}

function within32Bits(value: number, what: string): number {
  if (value > MAX_UINT32) throw new RecordedValueError('HS_TAPE_TICK', `${what} is too large for this tick or step`);
  return value;
}
