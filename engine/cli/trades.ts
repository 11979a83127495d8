import { trimE8 } from '../core/units.ts';
import { readHistory } from '../journal/history.ts';
import { createNodeEnv } from '../node-env.ts';
import { printJson } from './output.ts';

/** `halfspread trades`: newest first. Reads the journal without changing it, so it also works while an engine writes. */
export async function tradesCommand(dataFolder: string, limit: number | undefined, json: boolean): Promise<void> {
  const env = createNodeEnv();
  try {
    const { trades } = await readHistory(env.disk, dataFolder);
    const newestFirst = [...trades.values()].sort((a, b) => b.id - a.id).slice(0, limit);
    if (json) {
      printJson(newestFirst);
      return;
    }
    if (newestFirst.length === 0) console.log(`No trades in ${dataFolder} yet.`);
    for (const trade of newestFirst) {
      const slippage =
        trade.entry.slippageBps === undefined ? '' : `slippage ${trade.entry.slippageBps.toFixed(2)} bps`;
      const confirm =
        trade.entry.orderToConfirmMs === undefined ? '' : `confirm ${trade.entry.orderToConfirmMs.toFixed(0)} ms`;
      const net = trade.netE8 === undefined ? '' : `net ${trimE8(trade.netE8)} USD`;
      const buySell = `${trade.longVenue} / ${trade.shortVenue}`;
      console.log(
        [
          `#${trade.id}`,
          new Date(trade.openedAt).toISOString(),
          trade.state,
          buySell,
          `${trimE8(trade.sizeE8)} ${trade.coin}`,
          slippage,
          confirm,
          net,
        ]
          .filter(Boolean)
          .join('  '),
      );
    }
  } finally {
    await env.close();
  }
}
