import { describe, expect, it } from 'vitest';
import type { Spike } from '../../engine/protocol/model.ts';
import { adoptSpikes, spikeCategory, tellSpike, type SpikesTold } from './spike-situations.ts';

const latency: Spike = {
  metric: 'orderToConfirm',
  venue: 'paradex',
  startedAt: 0,
  tradeId: 21,
  value: 812.4,
  baseline: 386.2,
  threshold: 483,
  n: 60,
  samples: 2,
  stage: { name: 'lineOut', movedMs: 402.1 },
};
const slippage: Spike = {
  metric: 'slippage',
  startedAt: 0,
  tradeId: 22,
  value: 8.44,
  baseline: 3.4,
  threshold: 5.1,
  n: 60,
  samples: 2,
};
const ended = (spike: Spike, outcome: 'over' | 'newNormal' = 'over'): Spike => ({
  ...spike,
  samples: 10,
  ended: { at: 192_000, tradeId: 30, outcome },
});

function tellAll(spikes: Spike[], from: SpikesTold = {}) {
  let told = from;
  return spikes.flatMap((spike) => {
    const step = tellSpike(told, spike);
    told = step.told;
    return step.alert ? [step.alert] : [];
  });
}
const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ');

describe('spike situations', () => {
  it('a latency spike names venue, figures with n, and the stage that moved; it leads to its trade', () => {
    const [alert] = tellAll([latency]);
    expect(alert).toMatchObject({ severity: 'warn', category: 'spike.latency.paradex', group: 'spikes', tradeId: 21 });
    expect(plain(alert?.words.en.title)).toBe('Latency spike on Paradex');
    expect(plain(alert?.words.en.body)).toBe(
      'Order to confirm: median 812 ms over 2 orders, usual 386 ms (n = 60). The line out moved most, by 402 ms.',
    );
    expect(plain(alert?.words.fr.body)).toBe(
      'De l’ordre à la confirmation : médiane de 812 ms sur 2 ordres, 386 ms d’habitude (n = 60). C’est surtout la ligne aller, de 402 ms.',
    );
  });

  it('its end has the same category, says how long it lasted, and leads to the trade that ended it', () => {
    const [, end] = tellAll([slippage, ended(slippage)]);
    expect(end).toMatchObject({ severity: 'info', category: 'spike.slippage', tradeId: 30 });
    expect(plain(end?.words.en.body)).toBe(
      'The spike lasted 3 min 12 s: median 8.4 bps over 10 episodes, usual 3.4 bps (n = 60).',
    );
  });

  it('a level that stays is a change of regime, and still a warning', () => {
    const [, end] = tellAll([latency, ended(latency, 'newNormal')]);
    expect(end).toMatchObject({ severity: 'warn' });
    expect(end?.words.en.title).toBe('Latency on Paradex has a new level');
    expect(end?.words.fr.title).toBe('La latence sur Paradex a changé de niveau');
  });

  it('answer and confirmation of one venue are one subject: first start and last end are told', () => {
    const answer: Spike = { ...latency, metric: 'orderToAck' };
    const titles = tellAll([latency, answer, ended(latency), ended(answer)]).map(({ words }) => words.en.title);
    expect(titles).toEqual(['Latency spike on Paradex', 'Latency on Paradex is back to usual']);
    expect(spikeCategory({ ...latency, venue: 'vest' })).not.toBe(spikeCategory(latency));
  });

  it('an end without a start that was told is not told', () => {
    expect(tellAll([ended(latency)])).toEqual([]);
  });

  it('a whole snapshot is taken over in silence, naming what is out of date', () => {
    const { told } = tellSpike({}, latency);
    expect(adoptSpikes(told, [slippage])).toEqual({
      told: { 'spike.slippage': ['slippage'] },
      outdated: ['spike.latency.paradex'],
    });
    expect(tellAll([ended(slippage)], adoptSpikes(told, [slippage]).told)).toHaveLength(1);
    expect(adoptSpikes(told, [latency]).outdated).toEqual([]);
  });
});
