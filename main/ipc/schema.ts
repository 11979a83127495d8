/**
 * The one schema between main and renderer: handlers, preload API, browser-shell transport and test doubles are all made
 * from it. Adding a call is one line here; forgetting a side does not compile.
 */
import { z } from 'zod';
import { commandSchema, errorSchema } from '../../engine/protocol/messages.ts';
import { deskEventSchema, snapshotSchema } from '../../engine/protocol/model.ts';
import { alertsStateSchema, mutedUntilSchema, quietHoursSchema } from './alert-schema.ts';
import { desktopCalls, desktopEvents, desktopStateSchema } from './desktop-schema.ts';
import { keyCalls, keyEvents } from './key-schema.ts';
import { linkStateSchema } from './link-schema.ts';
import { modeCalls, modeEvents } from './mode-schema.ts';
import { deskPlaceSchema, placeCalls } from './place-schema.ts';
import { routeSchema } from './route-schema.ts';
import { siteCalls, siteEvents, sitesStateSchema } from './site-schema.ts';

export { linkStateSchema, type LinkState } from './link-schema.ts';
export { routeSchema, type Route } from './route-schema.ts';

export const languageSchema = z.enum(['en', 'fr']);
export type Language = z.infer<typeof languageSchema>;
export const themeSchema = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof themeSchema>;

export const feesChoiceSchema = z.enum(['published', 'zero']);
export const practiceChoiceSchema = z.strictObject({
  tape: z.string().max(64),
  network: z.string().max(64),
  fees: feesChoiceSchema,
});
export type PracticeChoice = z.infer<typeof practiceChoiceSchema>;

/** A supervised process: `blocked` waits for a person, `restarting` is retried by itself (attempt, next try). */
export const processStateSchema = z.strictObject({
  state: z.enum(['stopped', 'starting', 'running', 'restarting', 'blocked', 'stopping']),
  pid: z.number().int().optional(),
  restarts: z.number().int(),
  attempt: z.number().int().optional(),
  nextTryAt: z.number().optional(),
  error: errorSchema.optional(),
});
export type ProcessState = z.infer<typeof processStateSchema>;

/** What the practice venues can play, as they list it themselves. */
export const tapeEntrySchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  durationMs: z.number(),
});
export const networkEntrySchema = z.strictObject({
  id: z.string(),
  description: z.string(),
  orderToAckMs: z.number(),
});

/** A dialog of the window that something outside of it asks for. Nothing happens before the person confirms there. */
export const dialogSchema = z.enum(['closeAll', 'arm', 'quit', 'deploy']);
export type AskedDialog = z.infer<typeof dialogSchema>;

export const appStateSchema = z.strictObject({
  version: z.string(),
  platform: z.string(),
  shell: z.strictObject({
    kind: z.enum(['electron', 'browser']),
    /** Why this shell, when it is not the Electron one. */
    reason: errorSchema.optional(),
  }),
  language: languageSchema,
  theme: themeSchema,
  place: deskPlaceSchema,
  link: linkStateSchema,
  /** Of the engine at the desk's place: on a server it is as the link last told. */
  engine: processStateSchema,
  venues: processStateSchema,
  practice: z.strictObject({
    choice: practiceChoiceSchema,
    tapes: z.array(tapeEntrySchema),
    networks: z.array(networkEntrySchema),
  }),
});
export type AppState = z.infer<typeof appStateSchema>;

/** Renderer -> main. `input` and `output` are validated on both sides. */
export const ipcCalls = {
  /** Everything the window needs to draw itself: one call at start. */
  'app.open': {
    input: z.strictObject({}),
    output: z.strictObject({
      app: appStateSchema,
      snapshot: snapshotSchema.optional(),
      alerts: alertsStateSchema,
      desktop: desktopStateSchema,
      sites: sitesStateSchema.optional(),
      /** What the window was opened for. */
      dialog: dialogSchema.optional(),
      /** The page it was opened for, else the one it was left on. */
      route: routeSchema.optional(),
    }),
  },
  'settings.set': {
    input: z.strictObject({ language: languageSchema.optional(), theme: themeSchema.optional() }),
    output: z.strictObject({}),
  },
  /** Gives a command to the engine; the output is the command's result. */
  'engine.command': { input: commandSchema, output: z.unknown() },
  /** Restarts the practice venues (and the engine) with another tape, network or fee schedule. */
  'practice.choose': { input: practiceChoiceSchema, output: z.strictObject({}) },
  /** Marks alerts as read; without ids, all of them. */
  'alerts.read': {
    input: z.strictObject({ ids: z.array(z.number().int()).max(500).optional() }),
    output: z.strictObject({}),
  },
  /** Mutes the desktop's notifications; without `until`, unmutes. The inbox goes on. */
  'alerts.mute': { input: z.strictObject({ until: mutedUntilSchema.optional() }), output: z.strictObject({}) },
  /** Sets the daily quiet hours; without `hours`, ends them. */
  'alerts.quiet': { input: z.strictObject({ hours: quietHoursSchema.optional() }), output: z.strictObject({}) },
  ...keyCalls,
  ...modeCalls,
  ...desktopCalls,
  ...siteCalls,
  ...placeCalls,
} as const;

/** Main -> renderer. */
export const ipcEvents = {
  'app.state': appStateSchema,
  'engine.snapshot': snapshotSchema,
  'engine.event': z.strictObject({ sequence: z.number().int(), event: deskEventSchema }),
  'alerts.state': alertsStateSchema,
  /** Goes to a page: somebody clicked a notification or the tray. It only navigates. */
  'app.navigate': routeSchema,
  /** Opens a dialog: it was chosen in the tray. */
  'app.dialog': dialogSchema,
  ...keyEvents,
  ...modeEvents,
  ...desktopEvents,
  ...siteEvents,
} as const;

export type IpcCalls = typeof ipcCalls;
export type IpcCallName = keyof IpcCalls;
export type IpcInput<Name extends IpcCallName> = z.infer<IpcCalls[Name]['input']>;
export type IpcOutput<Name extends IpcCallName> = z.infer<IpcCalls[Name]['output']>;
export type IpcEvents = typeof ipcEvents;
export type IpcEventName = keyof IpcEvents;
export type IpcEventData<Name extends IpcEventName> = z.infer<IpcEvents[Name]>;

/** What the renderer finds at `window.halfspread`, whichever shell serves it. */
export interface IpcBridge {
  call<Name extends IpcCallName>(name: Name, input: IpcInput<Name>): Promise<IpcOutput<Name>>;
  on<Name extends IpcEventName>(name: Name, listener: (data: IpcEventData<Name>) => void): () => void;
}
