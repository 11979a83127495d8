/** Trading keys, their storage and what went wrong with them, in words. Reads the language: use inside `$derived`. */
import type { VenueName } from '../../engine/protocol/endpoints.ts';
import type { KeyOperation, KeyRecord, StorageState } from '../../main/ipc/key-schema.ts';
import { errorWords } from '../i18n/errors.ts';
import { day, duration, ms, number, text } from '../i18n/locale.svelte.ts';
import { withUnit } from '../i18n/numbers.ts';
import { venueName } from './selectors.ts';

/** "Testnet", or the host of an own address. */
export function placeName({ network, restUrl }: KeyRecord['endpoint']): string {
  return network === 'custom' ? new URL(restUrl).host : text(`tradingKeys.network.${network}`);
}

export function hasEnded(record: KeyRecord, now: number): boolean {
  return record.expiresAt !== undefined && record.expiresAt <= now;
}

/** What it may do, where it is from, when it ends: one line. */
export function keySentence(record: KeyRecord, now: number): string {
  return [
    text(`tradingKeys.may.${record.mayWithdraw}`),
    oneStop(text(`tradingKeys.origin.${record.origin}`, { day: day(record.createdAt) })),
    endWords(record, now),
  ].join(' ');
}

export function endWords(record: KeyRecord, now: number): string {
  const { expiresAt } = record;
  if (expiresAt === undefined) return text('tradingKeys.ends.never');
  if (expiresAt <= now) return oneStop(text('tradingKeys.ends.ended', { day: day(expiresAt) }));
  return oneStop(text('tradingKeys.ends.in', { duration: duration(expiresAt - now), day: day(expiresAt) }));
}

export function testSentence({ lastTest }: KeyRecord, now: number): string {
  if (!lastTest) return text('tradingKeys.test.never');
  const age = duration(Math.max(0, now - lastTest.at));
  if (lastTest.error) return text('tradingKeys.test.failed', { age, reason: errorWords(lastTest.error).title });
  const answered = { age, ms: ms(lastTest.roundTripMs ?? 0) };
  const value = lastTest.accountValueUsd;
  const passed =
    value === undefined
      ? text('tradingKeys.test.passed', answered)
      : text('tradingKeys.test.passedValue', { ...answered, value: withUnit(number(Number(value), 2), 'USD') });
  return lastTest.signatureChecked === false ? `${passed} ${text('tradingKeys.test.unsigned')}` : passed;
}

export function storageSentence({ kind, state, error }: StorageState): string {
  if (state === 'checking') return text('tradingKeys.storage.checking');
  if (error && state !== 'ready') return errorWords(error).title;
  return text(kind === 'keychain' ? 'tradingKeys.storage.ready' : `tradingKeys.storage.ready.${kind}`);
}

export function actWords({ act, venue }: KeyOperation): string {
  return text(`tradingKeys.act.${act}`, { venue: venue ? venueTitle(venue) : '' });
}

export function venueTitle(venue: VenueName): string {
  return venueName(venue);
}

/** "0x1234…cdef": enough to compare by eye; the whole stands in the title. */
export function shortHex(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

/** A French month at the end of a sentence brings its own stop: "nov." */
function oneStop(sentence: string): string {
  return sentence.replace(/\.\.$/, '.');
}
