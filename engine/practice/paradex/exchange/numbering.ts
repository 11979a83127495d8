import type { ExchangeState } from './state.ts';

/** Ids of 28 digits beginning with the millisecond, as the venue's are. */
export function nextId(state: ExchangeState, nowUs: number): string {
  state.lastIdNumber++;
  return `${Math.floor(nowUs / 1000)}${String(state.lastIdNumber).padStart(15, '0')}`;
}

/** Increasing, not contiguous, close to the nanosecond clock. */
export function nextSequenceNs(state: ExchangeState, nowUs: number): bigint {
  const clockNs = BigInt(nowUs) * 1000n;
  state.lastSequenceNs = clockNs > state.lastSequenceNs ? clockNs : state.lastSequenceNs + 1n;
  return state.lastSequenceNs;
}
