import { HalfspreadError } from '../core/errors.ts';
import type { BotConfig, Config } from './schema.ts';

/** The entry of `bots` with this id; the first without one. @throws HalfspreadError HS_BAD_BOT listing the ids there are. */
export function botOf(config: Config, path: string, id: string | undefined): BotConfig {
  const bot = id === undefined ? config.bots[0] : config.bots.find((one) => one.id === id);
  if (bot) return bot;
  throw new HalfspreadError(
    'HS_BAD_BOT',
    `${path} has no bot "${id}".`,
    `Its ids are: ${config.bots.map((one) => one.id).join(', ')}.`,
  );
}
