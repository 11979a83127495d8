import type { Spike } from '../../engine/protocol/model.ts';
import { venueName } from '../../engine/protocol/reading.ts';
import type { Alert } from '../ipc/alert-schema.ts';
import type { Language } from '../ipc/schema.ts';
import { formatCount, formatDuration, formatMs, formatNumber, withUnit } from '../text/numbers.ts';
import { wordsIn } from '../text/words.ts';

/** The same words for notification and inbox, in every language. */
export function inAllLanguages(write: (language: Language) => Alert['words']['en']): Alert['words'] {
  return { en: write('en'), fr: write('fr') };
}

export function spikeWords(spike: Spike): Alert['words'] {
  return inAllLanguages((language) =>
    spike.metric === 'slippage' ? slippageWords(spike, language) : latencyWords(spike, spike.metric, language),
  );
}

function slippageWords(spike: Spike, language: Language): Alert['words']['en'] {
  const { text } = wordsIn(language);
  const bps = (value: number) => withUnit(formatNumber(language, value, { decimals: 1 }), 'bps');
  const figures = figuresOf(spike, language, bps);
  const phase = spike.ended?.outcome ?? 'start';
  const title = text(`alert.slippage.${phase}.title`);
  switch (phase) {
    case 'start':
      return { title, body: text('alert.slippage.start.body', { ...figures, threshold: bps(spike.threshold) }) };
    case 'over':
      return { title, body: text('alert.slippage.over.body', { ...figures, duration: lasted(spike, language) }) };
    case 'newNormal':
      return { title, body: text('alert.slippage.newNormal.body', figures) };
  }
}

function latencyWords(
  spike: Spike,
  latency: 'orderToConfirm' | 'orderToAck',
  language: Language,
): Alert['words']['en'] {
  const { text } = wordsIn(language);
  const figures = {
    ...figuresOf(spike, language, (value) => formatMs(language, value)),
    metric: text(`alert.metric.${latency}`),
  };
  const { stage } = spike;
  const moved = stage
    ? text(`alert.stage.${stage.name}`, { moved: formatMs(language, stage.movedMs) })
    : text('alert.stage.unknown');
  const phase = spike.ended?.outcome ?? 'start';
  const title = text(`alert.latency.${phase}.title`, { venue: venueName(spike.venue ?? '') });
  switch (phase) {
    case 'start':
      return { title, body: text('alert.latency.start.body', { ...figures, stage: moved }) };
    case 'over':
      return { title, body: text('alert.latency.over.body', { ...figures, duration: lasted(spike, language) }) };
    case 'newNormal':
      return { title, body: text('alert.latency.newNormal.body', { ...figures, stage: moved }) };
  }
}

function figuresOf(spike: Spike, language: Language, format: (value: number) => string) {
  return {
    value: format(spike.value),
    baseline: format(spike.baseline),
    samples: formatNumber(language, spike.samples),
    n: formatCount(language, spike.n),
  };
}

function lasted(spike: Spike, language: Language): string {
  return formatDuration(language, (spike.ended?.at ?? spike.startedAt) - spike.startedAt);
}
