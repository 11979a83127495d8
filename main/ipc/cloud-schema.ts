/** Servers at clouds and where to run, as they cross to the window. The calls are in site-schema.ts. */
import { z } from 'zod';
import { venueNameSchema } from '../../engine/protocol/endpoints.ts';
import { errorSchema } from '../../engine/protocol/messages.ts';

export const providerIdSchema = z.enum(['lightsail', 'hetzner']);
export type ProviderId = z.infer<typeof providerIdSchema>;

/** A month, all taxes of the provider's included where it says both. */
export const priceSchema = z.strictObject({
  amount: z.string().regex(/^\d+(\.\d+)?$/),
  currency: z.string().length(3),
});
export type Price = z.infer<typeof priceSchema>;

const rangeSchema = z.strictObject({ low: z.number(), high: z.number() });

/** One venue's leg as the engine of this machine has measured it; medians, ms. */
export const legHereSchema = z.strictObject({
  venue: venueNameSchema,
  roundTripMs: z.number(),
  roundTrips: z.number().int(),
  orderToAckMs: z.number(),
  n: z.number().int(),
});
export type LegHere = z.infer<typeof legHereSchema>;

/** From a candidate to a venue: measured there, or a range from the map above the floor light sets. */
export const roundTripThereSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('measured'), ms: z.number(), n: z.number().int() }),
  z.strictObject({ kind: z.literal('map'), range: rangeSchema, floorMs: z.number() }),
]);

export const predictionSchema = z.strictObject({
  legs: z.array(
    z.strictObject({
      venue: venueNameSchema,
      here: legHereSchema.optional(),
      roundTrip: roundTripThereSchema.optional(),
      orderToAck: rangeSchema.optional(),
    }),
  ),
  /** Of the slower leg; absent unless both legs have one. */
  orderToAck: rangeSchema.optional(),
  orderToAckHereMs: z.number().optional(),
});
export type Prediction = z.infer<typeof predictionSchema>;

export const cloudRegionSchema = z.strictObject({
  id: z.string(),
  city: z.string(),
  country: z.string(),
  prediction: predictionSchema,
});
export type CloudRegionOffer = z.infer<typeof cloudRegionSchema>;

export const cloudPlanSchema = z.strictObject({
  id: z.string(),
  vcpus: z.number(),
  ramMib: z.number(),
  diskGib: z.number(),
  architecture: z.enum(['x64', 'arm64']),
  monthlyPrice: priceSchema,
});
export type CloudPlanOffer = z.infer<typeof cloudPlanSchema>;

/** Whether a provider lets us in. `asking`: a person is being asked; `checking`: the provider is. */
export const cloudAccessSchema = z.strictObject({
  provider: providerIdSchema,
  title: z.string(),
  state: z.enum(['none', 'asking', 'checking', 'ready', 'refused']),
  /** What the token opens, in the provider's words. */
  label: z.string().optional(),
  error: errorSchema.optional(),
});
export type CloudAccess = z.infer<typeof cloudAccessSchema>;

/** A server at a cloud that is not proven gone: it costs what it says. */
export const cloudServerViewSchema = z.strictObject({
  site: z.string(),
  provider: providerIdSchema,
  title: z.string(),
  region: z.string(),
  plan: z.string(),
  price: priceSchema,
  /** `making`: asked for, and it may exist; `exists`: the cloud said so. */
  state: z.enum(['making', 'exists']),
  ipv4: z.string().optional(),
  createdAt: z.number(),
});
export type CloudServerView = z.infer<typeof cloudServerViewSchema>;
