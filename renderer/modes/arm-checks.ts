/** What the checks of an arming report say, one line a subject, both venues together. Pure but for the words. */
import type { ArmingCheck, ArmingReport } from '../../engine/protocol/arming.ts';
import type { ModesState } from '../../main/ipc/mode-schema.ts';
import { venueName } from '../../engine/protocol/reading.ts';
import { duration, number, signed, text } from '../i18n/locale.svelte.ts';

export interface CheckLine {
  id: string;
  tone: 'ok' | 'warn' | 'failed';
  label: string;
  /** What was found, in short; of a check that failed, what to do. */
  value: string;
  /** In full, as the engine says it (English), of a check that failed. */
  detail?: string;
}

export function checkLines(report: ArmingReport, keys: ModesState['keys'] | undefined, now: number): CheckLine[] {
  const ids = [...new Set(report.checks.map(({ id }) => id))];
  return [...withdrawalLines(keys), ...ids.map((id) => lineOf(report, id, now))];
}

function lineOf(report: ArmingReport, id: ArmingCheck['id'], now: number): CheckLine {
  const checks = report.checks.filter((check) => check.id === id);
  const failed = checks.filter(({ ok }) => !ok);
  const label = text(`arm.check.${id}`);
  if (failed.length === 0) return { id, tone: 'ok', label, value: foundBy(report, id, checks, now) };
  const venues = failed.flatMap(({ venue }) => (venue === undefined ? [] : [venueName(venue)]));
  return {
    id,
    tone: 'failed',
    label,
    value: venues.length > 0 ? text('arm.check.failedAt', { venues: venues.join(', ') }) : text('arm.check.failed'),
    detail: failed.map(({ detail }) => detail).join(' '),
  };
}

/** A key that can withdraw is allowed, and never goes unsaid. */
function withdrawalLines(keys: ModesState['keys'] | undefined): CheckLine[] {
  return (['vest', 'paradex'] as const).flatMap((venue): CheckLine[] => {
    const key = keys?.[venue];
    if (!key || key.mayWithdraw === 'no') return [];
    const label = text(key.mayWithdraw === 'yes' ? 'arm.check.mayWithdraw' : 'arm.check.mayWithdrawUnknown', {
      venue: venueName(venue),
    });
    return [{ id: `withdraw-${venue}`, tone: 'warn', label, value: text('arm.check.mayWithdraw.value') }];
  });
}

function foundBy(report: ArmingReport, id: ArmingCheck['id'], checks: ArmingCheck[], now: number): string {
  switch (id) {
    case 'key': {
      const ends = report.venues.flatMap(({ keyExpiresAt }) => keyExpiresAt ?? []);
      if (ends.length === 0) return text('arm.check.key.noEnd');
      return text('arm.check.key.ends', { wait: duration(Math.min(...ends) - now) });
    }
    case 'generation':
      return perVenue(checks, ({ generation }) => String(generation ?? ''));
    case 'book':
      return perVenue(checks, ({ ageMs }) => (typeof ageMs === 'number' ? duration(ageMs) : ''));
    case 'clock':
      return perVenue(checks, ({ offsetMs, errorMs }) =>
        typeof offsetMs === 'number' && typeof errorMs === 'number'
          ? `${signed(offsetMs, 1)}\u00a0±\u00a0${number(errorMs, 1)}\u00a0ms`
          : '',
      );
    case 'venueOpen':
    case 'orderInDoubt':
    case 'positions':
    case 'journal':
    case 'folderLock':
    case 'desk':
      return text(`arm.check.${id}.ok`);
  }
}

function perVenue(checks: ArmingCheck[], found: (figures: ArmingCheck['figures']) => string): string {
  return checks
    .map(({ venue, figures }) => `${venue === undefined ? '' : `${venueName(venue)}\u00a0`}${found(figures)}`)
    .join(', ');
}
