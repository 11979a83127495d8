import type { Language } from '../ipc/schema.ts';
import type { TextKey } from '../text/catalogue.ts';
import { wordsIn } from '../text/words.ts';

type Comment = Extract<TextKey, `modes.config.note.${string}`>;
type Line = { comment: Comment } | { yaml: string; comment?: Comment; isOff?: boolean };

/**
 * Cautious values for a first look: an entry threshold above the published fees of a round trip (0.11 %), a small size, low
 * limits. What is commented out has this value by itself.
 */
const LINES: readonly Line[] = [
  { comment: 'modes.config.note.head' },
  { comment: 'modes.config.note.head.reload' },
  { yaml: 'bots:' },
  { yaml: '  - id: btc-vest-paradex' },
  { yaml: '    pair: BTC' },
  { yaml: '    dex_a: vest' },
  { yaml: '    dex_b: paradex' },
  { comment: 'modes.config.note.spread' },
  { yaml: '    spread_entry: 0.18' },
  { yaml: '    spread_exit: 0.03' },
  { yaml: '    spread_entry_max: 2', comment: 'modes.config.note.spreadMax', isOff: true },
  { yaml: '    entry_confirm_ticks: 1', comment: 'modes.config.note.confirmTicks', isOff: true },
  { yaml: '    leverage: 2' },
  { yaml: '    position_size: 0.001', comment: 'modes.config.note.size' },
  { yaml: '    order_class: pro', comment: 'modes.config.note.orderClass', isOff: true },
  { yaml: 'risk:' },
  { yaml: '  max_notional_usd: 500', comment: 'modes.config.note.maxNotional' },
  { yaml: '  max_unhedged_ms: 3000', comment: 'modes.config.note.maxUnhedged' },
  { yaml: '  max_day_loss_usd: 25', comment: 'modes.config.note.maxDayLoss' },
];

/** The config file of a first use: every value with what it means, in the operator's language. */
export function configTemplate(language: Language): string {
  const { text } = wordsIn(language);
  const lines = LINES.flatMap((line) => {
    if (!('yaml' in line)) return [`# ${text(line.comment)}`];
    const indent = /^ */.exec(line.yaml)?.[0] ?? '';
    const comment = line.comment ? [`${indent}# ${text(line.comment)}`] : [];
    return [...comment, line.isOff ? `${indent}# ${line.yaml.trimStart()}` : line.yaml];
  });
  return `${lines.join('\n')}\n`;
}
