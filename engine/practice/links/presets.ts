import { HalfspreadError } from '../../core/errors.ts';
import type { PracticeVenueId } from '../tapes/tape-file.ts';
import type { DelayProfile } from './delay.ts';

/** The line between the engine and one venue. Orders and market data share it. */
export interface LinkProfileLeg {
  toVenue: DelayProfile;
  fromVenue: DelayProfile;
}

export interface LinkPreset {
  id: string;
  /** One sentence for lists and logs. */
  description: string;
  legs: Record<PracticeVenueId, LinkProfileLeg>;
  /** Time the venue takes from receiving an order to acknowledging it. */
  orderProcessingMs: number;
  /** Time from the acknowledgement to the fill. */
  ackToFillLagMs: number;
  /** p50 of order to acknowledgement that follows: the way out, the venue, the way back. */
  orderToAckMs: number;
}

/** Every preset's venue answers in 10 ms, so that presets differ by the line alone. */
const ORDER_PROCESSING_MS = 10;

function preset(id: string, description: string, oneWay: DelayProfile): LinkPreset {
  const leg: LinkProfileLeg = { toVenue: oneWay, fromVenue: oneWay };
  return {
    id,
    description,
    legs: { paradex: leg, vest: leg },
    orderProcessingMs: ORDER_PROCESSING_MS,
    ackToFillLagMs: 0,
    orderToAckMs: 2 * oneWay.medianMs + ORDER_PROCESSING_MS,
  };
}

function oneWay(medianMs: number, jitterBelowMs: number, jitterAboveMs: number): DelayProfile {
  return { medianMs, jitterBelowMs, jitterAboveMs };
}

/** Presets of product.md 5. Only adsl-rural is measured (by the operator: 386 ms); the others are round figures. */
export const linkPresets: readonly LinkPreset[] = [
  preset(
    'adsl-rural',
    'Rural ADSL in Europe, venues in Asia: 188 ms each way, order to ack 386 ms.',
    oneWay(188, 4, 45),
  ),
  preset('4g', 'Mobile 4G in Europe, venues in Asia: 150 ms each way and much jitter.', oneWay(150, 12, 120)),
  preset('fibre', 'Fibre in Europe, venues in Asia: 115 ms each way.', oneWay(115, 1, 8)),
  preset('vps-near', 'A server in the region of the venues: order to ack 41 ms.', oneWay(15.5, 0.3, 3)),
  preset('none', 'No line at all: order to ack is the 10 ms of the venue.', oneWay(0, 0, 0)),
];

export const DEFAULT_NETWORK = 'adsl-rural';

/** @throws HalfspreadError HS_NETWORK_UNKNOWN naming the presets there are. */
export function linkPreset(id: string): LinkPreset {
  const found = linkPresets.find((candidate) => candidate.id === id);
  if (found) return found;
  const known = linkPresets.map((candidate) => candidate.id).join(', ');
  throw new HalfspreadError('HS_NETWORK_UNKNOWN', `There is no network "${id}".`, `Choose one of: ${known}.`);
}
