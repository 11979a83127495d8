/** Where the one desk runs, and the links to the agents it may run on: part of main/ipc/schema.ts. */
import { z } from 'zod';
import { errorSchema } from '../../engine/protocol/messages.ts';
import { distributionSchema, modeSchema, tradingStateSchema } from '../../engine/protocol/model.ts';
import { linkStateSchema } from './link-schema.ts';
import { siteNameSchema } from './site-name.ts';

/** `confirming`: a person is asked outside of the window; `leaving`: the engine at the old place closes what is open and ends; `entering`: the new one is started. */
export const moveStageSchema = z.enum(['confirming', 'leaving', 'entering']);

export type MoveStage = z.infer<typeof moveStageSchema>;

/** The place of the desk: one engine may trade, and this says which. */
export const deskPlaceSchema = z.strictObject({
  /** Name of the site; absent: this machine. */
  site: siteNameSchema.optional(),
  /** The right to trade was given to an agent that is not in the list of sites any more. */
  isGone: z.boolean().optional(),
  moving: z
    .strictObject({
      /** Absent: this machine. */
      to: siteNameSchema.optional(),
      stage: moveStageSchema,
      startedAt: z.number(),
    })
    .optional(),
  /** Why the latest move, lock or unlock was not carried out. */
  error: errorSchema.optional(),
});
export type DeskPlace = z.infer<typeof deskPlaceSchema>;

/** One agent as the link to it tells; older than now while the link is lost. */
export const siteLinkSchema = z.strictObject({
  site: siteNameSchema,
  link: linkStateSchema,
  /** Highest term the agent knew when the connection was made. */
  term: z.number().int().optional(),
  trading: tradingStateSchema.optional(),
  /** Of the desk it runs or ran last. */
  mode: modeSchema.optional(),
  engineVersion: z.string().optional(),
  isFlat: z.boolean().optional(),
  /** The desk's place. */
  holdsDesk: z.boolean(),
  isUnlocking: z.boolean(),
  /** A person locked it: it is not unlocked by itself. */
  staysLocked: z.boolean(),
});
export type SiteLink = z.infer<typeof siteLinkSchema>;

/** What the desk did at one place, as its engine there summed it up. */
export const placeFiguresSchema = z.strictObject({
  /** Absent: this machine. */
  site: siteNameSchema.optional(),
  mode: modeSchema,
  /** Of practice: the line the venues imitated. */
  line: z.string(),
  tape: z.string(),
  /** "BTC, Paradex / Vest": figures of different markets are not held against each other. */
  market: z.string(),
  fees: z.string(),
  /** Of the engine that measured: each start counts anew. */
  startedAt: z.number(),
  at: z.number(),
  episodes: z.number().int(),
  /** Slower leg of each episode, ms. */
  orderToAck: distributionSchema,
  /** Per episode, bps. */
  slippage: distributionSchema,
});
export type PlaceFigures = z.infer<typeof placeFiguresSchema>;

export const placeCalls = {
  /**
   * Moves the desk to a site, or without one to this machine: the engine at the old place ends first, and only a flat live
   * desk moves. Refusals come at once; `app.state` follows the rest.
   */
  'place.move': { input: z.strictObject({ site: siteNameSchema.optional() }), output: z.strictObject({}) },
  /** Closes what is open at the site, stops the desk there and forgets its keys; it stays locked until it is unlocked. */
  'place.lock': { input: z.strictObject({}), output: z.strictObject({}) },
  /** Gives the agent of the desk's place its keys again. */
  'place.unlock': { input: z.strictObject({}), output: z.strictObject({}) },
} as const;
