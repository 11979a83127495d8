/** Life-cycle, settings and diagnostics of the program: the calls and events of this part, merged into main/ipc/schema.ts. */
import { z } from 'zod';
import { engineFactsSchema, errorSchema, spikeSensitivitySchema } from '../../engine/protocol/messages.ts';
import { modeSchema, percentilesSchema } from '../../engine/protocol/model.ts';
import { availabilitySchema } from './availability-schema.ts';
import { loginItemSchema } from './login-item-schema.ts';
import { routeSchema } from './route-schema.ts';

const nothing = z.strictObject({});

/** Which window the start script opens where both can be had. */
export const preferredShellSchema = z.enum(['desktop', 'browser']);
export type PreferredShell = z.infer<typeof preferredShellSchema>;

/** What the window needs to know of the program itself, beside its processes. */
export const desktopStateSchema = z.strictObject({
  startAtLogin: loginItemSchema,
  /** The first-run card, until it is put away for good. */
  firstRun: z.enum(['show', 'done']),
  spikeSensitivity: spikeSensitivitySchema,
  preferredShell: preferredShellSchema,
  folders: z.strictObject({ config: z.string(), data: z.string(), logs: z.string() }),
  /** Whether sleep of this machine is heard of and waits for us. */
  sleep: availabilitySchema,
  /** A running engine has not answered since then, while this machine was awake. */
  engineSilentSinceAt: z.number().optional(),
  /** Settings that could not be used at start; where they are kept. */
  settingsSetAside: errorSchema.optional(),
  /** How the last run ended, if it ended by itself. */
  crashed: z.strictObject({ at: z.number(), error: errorSchema }).optional(),
});
export type DesktopState = z.infer<typeof desktopStateSchema>;

/** What ends with the program, what goes on without it, and what is done first. */
export const quitPlanSchema = z.strictObject({
  /** `unknown`: it runs and cannot be asked. */
  engine: z.enum(['none', 'idle', 'trading', 'unknown']),
  mode: modeSchema,
  openTrades: z.number().int(),
  holdsPositions: z.boolean(),
  /** The engine closes its position first and takes this long at most. */
  closesWithinMs: z.number(),
  /** Engines on servers: they go on. */
  /** `unknown`: not looked at, or not reached at the last look. */
  remotes: z.array(
    z.strictObject({ name: z.string(), state: z.enum(['trading', 'idle', 'locked', 'practice', 'unknown']) }),
  ),
  needsConfirm: z.boolean(),
});
export type QuitPlan = z.infer<typeof quitPlanSchema>;

export const logSourceSchema = z.enum(['main', 'engine', 'venues']);
export const logLevelSchema = z.enum(['debug', 'info', 'warn', 'error']);

export const processFiguresSchema = z.strictObject({
  name: z.enum(['main', 'engine', 'venues']),
  state: z.string(),
  pid: z.number().int().optional(),
  uptimeMs: z.number().optional(),
  restarts: z.number().int().optional(),
  memoryBytes: z.number().optional(),
  /** How late its event loop is, ms; absent where it is not measured. */
  loopDelay: percentilesSchema.optional(),
});

export const partSchema = z.strictObject({
  name: z.enum(['tray', 'notifications', 'sleep', 'lock', 'startAtLogin']),
  availability: availabilitySchema,
});

export const diagnosticsSchema = z.strictObject({
  at: z.number(),
  processes: z.array(processFiguresSchema),
  versions: z.strictObject({
    halfspread: z.string(),
    node: z.string(),
    v8: z.string(),
    sqlite: z.string(),
    electron: z.string().optional(),
    chromium: z.string().optional(),
    system: z.string(),
  }),
  /** Of the engine's own process; `engineProblem` says why they are missing. */
  engine: engineFactsSchema.optional(),
  engineProblem: errorSchema.optional(),
  parts: z.array(partSchema),
});
export type Diagnostics = z.infer<typeof diagnosticsSchema>;

const shownLogLineSchema = z.strictObject({
  at: z.string(),
  level: logLevelSchema,
  message: z.string(),
  detail: z.string().optional(),
});

const bundleId = z.string().max(64);

export const desktopCalls = {
  'settings.startAtLogin': { input: z.strictObject({ enabled: z.boolean() }), output: nothing },
  /** Takes effect at once in a running engine. */
  'settings.spikes': { input: z.strictObject({ sensitivity: spikeSensitivitySchema }), output: nothing },
  /** For the next start. */
  'settings.shell': { input: z.strictObject({ preferred: preferredShellSchema }), output: nothing },
  'firstRun.dismiss': { input: nothing, output: nothing },
  /** The page the window shows: it opens there the next time. */
  'window.page': { input: z.strictObject({ route: routeSchema }), output: nothing },
  /** Starts a process again that was given up, or ends one that does not answer and starts it again. */
  'process.startAgain': { input: z.strictObject({ process: z.enum(['engine', 'venues']) }), output: nothing },
  'quit.preview': { input: nothing, output: quitPlanSchema },
  /** Ends the program as the plan says. */
  'quit.confirm': { input: nothing, output: nothing },
  'diagnostics.read': { input: nothing, output: diagnosticsSchema },
  /** The newest lines of a log that fit, oldest first. */
  'diagnostics.log': {
    input: z.strictObject({
      source: logSourceSchema,
      least: logLevelSchema,
      contains: z.string().max(200),
      limit: z.number().int().min(1).max(1000),
    }),
    output: z.strictObject({ lines: z.array(shownLogLineSchema), isCut: z.boolean() }),
  },
  /** Collects a support bundle in memory. What is saved later is what is shown now. */
  'bundle.prepare': {
    input: nothing,
    output: z.strictObject({ id: bundleId, files: z.array(z.strictObject({ name: z.string(), bytes: z.number() })) }),
  },
  'bundle.file': {
    input: z.strictObject({ id: bundleId, name: z.string().max(64) }),
    output: z.strictObject({ text: z.string() }),
  },
  /** Without a path: the person chose none. */
  'bundle.save': {
    input: z.strictObject({ id: bundleId }),
    output: z.strictObject({ path: z.string().optional() }),
  },
} as const;

export const desktopEvents = {
  'desktop.state': desktopStateSchema,
} as const;
