import { z } from 'zod';
import { toWireError } from '../../engine/protocol/errors.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import { venueName } from '../../engine/protocol/reading.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import { placeFiguresSchema, type PlaceFigures } from '../ipc/place-schema.ts';
import { openStoredJson } from '../settings/stored-json.ts';

/** What the desk did at each place, so that before and after can be held against each other. */
export interface FiguresStore {
  list(): PlaceFigures[];
  /** The engine at this place summed up anew. */
  note(site: string | undefined, snapshot: Snapshot): void;
  /** Writes what is not written yet. */
  save(): Promise<void>;
}

/** A new start of an engine replaces what the one before showed only once it shows something itself. */
const MIN_EPISODES = 8;
const SAVE_EACH_MS = 60_000;
const MAX_KEPT = 100;

const fileSchema = z.strictObject({ version: z.literal(1), figures: z.array(placeFiguresSchema).max(MAX_KEPT) });

/** Opens data/deploy/figures.json. @throws HalfspreadError HS_FIGURES_READ */
export async function openFigures(
  path: string,
  nowMs: () => number,
  log: (record: LogRecord) => void,
): Promise<FiguresStore> {
  const file = await openStoredJson({
    path,
    schema: fileSchema,
    noun: 'list of what the desk did at each place',
    codes: { read: 'HS_FIGURES_READ', write: 'HS_FIGURES_WRITE', setAside: 'HS_FIGURES_SET_ASIDE' },
    without: 'before and after can be compared again once the desk has traded at both places',
    nowMs,
  });
  if (file.setAside) log({ level: 'warn', message: file.setAside.message, detail: file.setAside });
  let figures = file.found?.figures ?? [];
  let isSaved = true;
  let savedAt = nowMs();

  async function save(): Promise<void> {
    if (isSaved) return;
    isSaved = true;
    savedAt = nowMs();
    await file.replace({ version: 1, figures });
  }

  return {
    list: () => figures,
    note(site, snapshot) {
      const next = figuresOf(site, snapshot);
      if (!next) return;
      const before = figures.find((one) => isComparable(one, next) && one.site === next.site);
      if (before && before.startedAt !== next.startedAt && next.episodes < MIN_EPISODES) return;
      if (before?.startedAt === next.startedAt && before.episodes === next.episodes) return;
      figures = [next, ...figures.filter((one) => one !== before)].slice(0, MAX_KEPT);
      isSaved = false;
      if (nowMs() - savedAt < SAVE_EACH_MS) return;
      save().catch((error: unknown) =>
        log({ level: 'warn', message: 'figures of the places were not kept', detail: toWireError(error) }),
      );
    },
    save,
  };
}

/** Same market, tape, fees and mode: the difference is the place. */
export function isComparable(a: PlaceFigures, b: PlaceFigures): boolean {
  return a.mode === b.mode && a.tape === b.tape && a.market === b.market && a.fees === b.fees;
}

function figuresOf(site: string | undefined, { desk, statistics, at }: Snapshot): PlaceFigures | undefined {
  const { orderToAck, slippage } = statistics;
  if (!orderToAck || orderToAck.n === 0) return undefined;
  return {
    ...(site !== undefined && { site }),
    mode: desk.mode,
    line: desk.network,
    tape: desk.tape,
    market: `${desk.coin}, ${venueName(desk.venueA)} / ${venueName(desk.venueB)}`,
    fees: desk.fees.kind,
    startedAt: desk.startedAt,
    at,
    episodes: orderToAck.n,
    orderToAck,
    slippage,
  };
}
