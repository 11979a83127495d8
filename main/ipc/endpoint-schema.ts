/** Where the operator lets paper and live find the venues. Pure schemas: settings, window and main share them. */
import { z } from 'zod';
import { venueNetworkSchema } from '../../engine/protocol/endpoints.ts';

/** As typed; main says what is wrong with one (main/modes/endpoints.ts). */
const addressSchema = z.string().max(200);

/** The custom addresses are kept while a published network is chosen. */
export const endpointsChoiceSchema = z.strictObject({
  paradex: z.strictObject({
    network: venueNetworkSchema,
    custom: z.strictObject({ restUrl: addressSchema, wsUrl: addressSchema }).optional(),
  }),
  vest: z.strictObject({
    network: venueNetworkSchema,
    custom: z
      .strictObject({
        restUrl: addressSchema,
        wsUrl: addressSchema,
        /** Of the production contract when left empty. */
        verifyingContract: z.string().max(64),
      })
      .optional(),
  }),
});
export type EndpointsChoice = z.infer<typeof endpointsChoiceSchema>;
