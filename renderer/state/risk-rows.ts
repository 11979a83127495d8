import type { Snapshot } from '../../engine/protocol/model.ts';
import { text } from '../i18n/locale.svelte.ts';
import { fromE8 } from '../i18n/numbers.ts';

/** One limit of the desk and how much of it is used. */
export interface RiskRow {
  name: string;
  used: number;
  limit: number;
  unit: string;
  decimals: number;
}

/** Reads the language: use inside a template or `$derived`. */
export function riskRows({ exposure, desk, at }: Snapshot): RiskRow[] {
  const unhedgedMs = exposure.unhedgedSinceAt === undefined ? 0 : Math.max(0, at - exposure.unhedgedSinceAt);
  return [
    {
      name: text('overview.risk.notional'),
      used: fromE8(exposure.notionalUsdE8),
      limit: fromE8(exposure.maxNotionalUsdE8),
      unit: 'USD',
      decimals: 0,
    },
    {
      name: text('overview.risk.delta'),
      used: fromE8(exposure.netDeltaE8),
      limit: fromE8(exposure.maxNetDeltaE8),
      unit: desk.coin,
      decimals: 2,
    },
    {
      name: text('overview.risk.unhedged'),
      used: unhedgedMs / 1000,
      limit: exposure.maxUnhedgedMs / 1000,
      unit: 's',
      decimals: 1,
    },
    {
      name: text('overview.risk.dayLoss'),
      used: fromE8(exposure.dayLossE8),
      limit: fromE8(exposure.maxDayLossE8),
      unit: 'USD',
      decimals: 0,
    },
  ];
}
