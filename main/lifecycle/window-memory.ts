import { z } from 'zod';
import type { LogRecord } from '../diagnostics/log.ts';
import { toWireError } from '../../engine/protocol/errors.ts';
import { routeSchema, type Route } from '../ipc/route-schema.ts';
import { openStoredJson } from '../settings/stored-json.ts';
import type { WindowPlace } from './window-place.ts';

const pixels = z.number().int().min(-100_000).max(100_000);
const size = z.number().int().min(1).max(100_000);

const memorySchema = z.strictObject({
  version: z.literal(1),
  place: z
    .strictObject({
      bounds: z.strictObject({ x: pixels, y: pixels, width: size, height: size }),
      isMaximized: z.boolean(),
    })
    .optional(),
  route: routeSchema.optional(),
});

/** How the window was left. Losing it costs nothing but that: a file that cannot be read or written is only logged. */
export interface WindowMemory {
  place(): WindowPlace | undefined;
  route(): Route | undefined;
  setPlace(place: WindowPlace): void;
  setRoute(route: Route): void;
  /** Resolves when everything is on disk. */
  settled(): Promise<void>;
}

export async function openWindowMemory(
  path: string,
  nowMs: () => number,
  log: (record: LogRecord) => void,
): Promise<WindowMemory> {
  const stored = await openStoredJson({
    path,
    schema: memorySchema,
    noun: 'place of the window',
    codes: { read: 'HS_WINDOW_READ', write: 'HS_WINDOW_WRITE', setAside: 'HS_WINDOW_SET_ASIDE' },
    without: 'the window opens in its usual place',
    nowMs,
  });
  if (stored.setAside) log({ level: 'warn', message: stored.setAside.message, detail: stored.setAside });
  let current: z.infer<typeof memorySchema> = stored.found ?? { version: 1 };
  let written: Promise<void> = Promise.resolve();

  function change(next: Partial<typeof current>): void {
    const changed = { ...current, ...next };
    if (JSON.stringify(changed) === JSON.stringify(current)) return;
    current = changed;
    written = stored.replace(current).catch((error: unknown) => {
      log({ level: 'warn', message: toWireError(error).message });
    });
  }

  return {
    place: () => current.place,
    route: () => current.route,
    setPlace: (place) => change({ place }),
    setRoute: (route) => change({ route }),
    settled: () => written,
  };
}
