/** Sites in words and pictures. Reads the language: use inside a template or `$derived`. */
import type { Price } from '../../main/ipc/cloud-schema.ts';
import type { Operation, OperationStepId, SiteAction } from '../../main/ipc/site-schema.ts';
import { catalogues, isTextKey } from '../../main/text/catalogue.ts';
import { currentLanguage, duration, number, text } from '../i18n/locale.svelte.ts';
import { withUnit } from '../i18n/numbers.ts';
import type { GlyphName } from '../parts/glyphs.ts';
import { siteCondition, type SiteEntry } from '../../main/ipc/site-reading.ts';
import { tradingPicture } from './pictures.ts';
import { stepProgress } from './site-progress.ts';

export type Tone = 'calm' | 'accent' | 'warn' | 'danger';

/** Picture, tag and tone of an entry of the list. */
export function sitePicture(entry: SiteEntry): { glyph: GlyphName; tag: string; tone: Tone } {
  const agent = entry.lookup?.status?.agent;
  switch (siteCondition(entry)) {
    case 'working':
      return { glyph: 'wait', tag: text(`sites.working.${entry.operation?.kind ?? 'action'}`), tone: 'accent' };
    case 'failed':
      return { glyph: 'error', tag: text('sites.tag.failed'), tone: 'danger' };
    case 'unfinished':
      return { glyph: 'warning', tag: text('sites.tag.unfinished'), tone: 'warn' };
    case 'costsOnly':
      return { glyph: 'warning', tag: text('sites.tag.costs'), tone: 'warn' };
    case 'gone':
      return { glyph: 'check', tag: text('sites.tag.gone'), tone: 'calm' };
    case 'unknown':
      return {
        glyph: 'off',
        tag: text(entry.lookup?.isChecking ? 'sites.tag.looking' : 'sites.tag.unknown'),
        tone: 'calm',
      };
    case 'unreached':
      return { glyph: 'warning', tag: text('sites.tag.unreached'), tone: 'warn' };
    case 'down':
      return { glyph: 'error', tag: text('sites.tag.down'), tone: 'danger' };
    case 'stopped':
      return { glyph: 'off', tag: text('sites.tag.stopped'), tone: 'calm' };
    case 'silent':
      return { glyph: 'warning', tag: text('sites.tag.silent'), tone: 'warn' };
    case 'locked':
      return { glyph: 'locked', tag: text('sites.tag.locked'), tone: 'warn' };
    case 'ready':
      if (entry.link?.holdsDesk && entry.link.trading) {
        const { glyph, tone } = tradingPicture(entry.link.trading, entry.link.mode ?? 'practice');
        const state = text(`trading.${entry.link.trading}`);
        return { glyph, tag: text('place.tag.desk', { state }), tone: tone === 'calm' ? 'accent' : tone };
      }
      if (agent?.holdsTerm)
        return { glyph: 'trading', tag: text('sites.tag.term', { term: agent.term }), tone: 'accent' };
      return { glyph: 'observing', tag: text('sites.tag.observes'), tone: 'calm' };
  }
}

export function stepName(step: OperationStepId): string {
  const key = isTextKey(`deploy.step.${step}`) ? `deploy.step.${step}` : `sites.step.${step}`;
  return isTextKey(key) ? catalogues[currentLanguage()][key] : step;
}

/** "Deploying tyo-2" */
export function operationTitle({ kind, action, site }: Operation): string {
  if (kind === 'action') return text(`sites.doing.${action ?? 'start'}`, { site });
  return text(`sites.doing.${kind}`, { site });
}

/** What an operation came to; undefined while it runs or where the error says it. */
export function outcome({ kind, action, state, isUnchanged, site }: Operation): string | undefined {
  if (state !== 'done') return undefined;
  if (kind === 'action') {
    const done = action ?? 'start';
    if (done === 'upgrade') return text('sites.done.upgrade', { site });
    return text(isUnchanged && (done === 'start' || done === 'stop') ? `sites.already.${done}` : `sites.done.${done}`);
  }
  if (kind === 'deploy' || kind === 'upgrade') {
    return isUnchanged ? text('deploy.nothingToChange') : text(`sites.done.${kind}`, { site });
  }
  return text(`sites.done.${kind}`);
}

/** "step 12 of 14 · 1 min 31 s · usually 70 to 110 s" */
export function progressLine(operation: Operation, now: number): string {
  const { steps, state, startedAt, endedAt, usual } = operation;
  const { number: at, count } = stepProgress(steps);
  const parts: string[] = [];
  if (count > 0 && state !== 'done') parts.push(text('sites.stepOf', { number: at, count }));
  parts.push(duration((endedAt ?? now) - startedAt));
  if (usual && usual.n > 1) {
    // In seconds: two of them can be held against each other at a glance.
    const seconds = (ms: number) => number(Math.round(ms / 1000));
    parts.push(text('sites.usual', { low: seconds(usual.minMs), high: withUnit(seconds(usual.maxMs), 's') }));
  } else if (usual) {
    parts.push(text('sites.usualOnce', { time: duration(usual.maxMs) }));
  }
  return parts.join(' · ');
}

/** "7.00 USD" */
export function priceText({ amount, currency }: Price): string {
  return withUnit(number(Number(amount), 2), currency);
}

/** "Stop", "Go back to the version before" */
export function actionName(action: SiteAction): string {
  return text(`sites.act.${action}`);
}
