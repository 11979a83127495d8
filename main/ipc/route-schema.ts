import { z } from 'zod';

export const PAGES = [
  'overview',
  'latency',
  'trades',
  'slippage',
  'sites',
  'alerts',
  'risk',
  'settings',
  'diagnostics',
] as const;

/** Where a window can be sent. */
export const routeSchema = z.union([
  z.strictObject({ page: z.enum(PAGES) }),
  z.strictObject({ page: z.literal('trade'), tradeId: z.number().int().min(1) }),
]);
export type Route = z.infer<typeof routeSchema>;
