/** What the person is asked outside of the window. It says what the engine will get, whatever the window showed. */
import type { ArmingLimits, ArmingReport } from '../../engine/protocol/arming.ts';
import type { DeskInfo } from '../../engine/protocol/model.ts';
import type { Language } from '../ipc/schema.ts';
import type { ConfirmRequest } from '../shell/ports.ts';
import { decimalsOfE8, formatDuration, formatNumber, fromE8, withUnit } from '../text/numbers.ts';
import { wordsIn } from '../text/words.ts';

export function armingQuestion(
  language: Language,
  desk: Pick<DeskInfo, 'deskId' | 'coin' | 'network'>,
  limits: ArmingLimits,
  { sizeE8, nakedLeg, orderClass, roundTripFeesBps }: ArmingReport,
): ConfirmRequest {
  const { text } = wordsIn(language);
  const usd = (valueE8: number, decimals = 0) =>
    withUnit(formatNumber(language, fromE8(valueE8), { decimals: decimalsOfE8([valueE8], decimals) }), 'USD');
  const size = withUnit(formatNumber(language, fromE8(sizeE8), { decimals: decimalsOfE8([sizeE8], 0) }), desk.coin);
  return {
    language,
    title: text('arm.question.title', { desk: desk.deskId, network: desk.network }),
    lines: [
      text('arm.question.real'),
      text('arm.question.notional', { notional: usd(limits.maxNotionalE8), size }),
      text('arm.question.unhedged', { duration: formatDuration(language, limits.maxUnhedgedMs) }),
      text('arm.question.dayLoss', { loss: usd(limits.maxDayLossE8) }),
      ...(nakedLeg
        ? [
            text('arm.question.nakedLeg', {
              cost: withUnit(formatNumber(language, fromE8(nakedLeg.costE8), { decimals: 2 }), 'USD'),
              duration: formatDuration(language, nakedLeg.untilClosedMs),
            }),
          ]
        : []),
      text(`arm.question.orders.${orderClass}`, {
        fees: withUnit(formatNumber(language, roundTripFeesBps, { decimals: 1 }), 'bps'),
      }),
    ],
    confirm: text('arm.question.confirm'),
    cancel: text('arm.question.cancel'),
  };
}
