/** Where engines run: deploy and operate: the calls and events of this part, merged into main/ipc/schema.ts. */
import { z } from 'zod';
import {
  agentStatusSchema,
  measureResultSchema,
  spkiPinSchema,
  ed25519KeySchema,
  keyNameSchema,
  certificatePemSchema,
} from '../../engine/protocol/agent-program.ts';
import { venueNameSchema } from '../../engine/protocol/endpoints.ts';
import { errorSchema } from '../../engine/protocol/messages.ts';
import {
  cloudAccessSchema,
  cloudPlanSchema,
  cloudRegionSchema,
  cloudServerViewSchema,
  legHereSchema,
  predictionSchema,
  priceSchema,
  providerIdSchema,
} from './cloud-schema.ts';
import { placeFiguresSchema, siteLinkSchema } from './place-schema.ts';
import { siteNameSchema } from './site-name.ts';

export { siteNameSchema };

/**
 * A sentence by its code, with its figures and names: readers say it in their own language (main/text/saying.ts). It stands
 * beside its English text. A code of the error family stands for that error.
 */
export const sayingSchema = z.strictObject({
  code: z.string().max(100),
  /** The unit is in the name: `freeMiB`, `tookMs`. */
  parameters: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type Saying = z.infer<typeof sayingSchema>;

/** In the order in which they happen. */
export const deployStepIds = [
  'desk',
  'credentials',
  'hostKey',
  'login',
  'preflight',
  'runtime',
  'upload',
  'install',
  'identity',
  'selfTest',
  'service',
  'switch',
  'start',
  'health',
  'enrol',
  'measure',
  'record',
] as const;
export const deployStepIdSchema = z.enum(deployStepIds);
export type DeployStepId = z.infer<typeof deployStepIdSchema>;

/** Before them where the server is made at a cloud; `cloudRotate` only where the cloud does not attest host keys. */
export const cloudStepIds = [
  'cloudToken',
  'cloudPlan',
  'cloudServer',
  'cloudBoot',
  'cloudPorts',
  'cloudHostKey',
  'cloudLogin',
  'cloudRotate',
] as const;
export type CloudStepId = (typeof cloudStepIds)[number];

/** Of deleting a server, with everything that was made for it. */
export const deleteStepIds = ['deleteFlat', 'deleteServer', 'deleteTraces'] as const;
export type DeleteStepId = (typeof deleteStepIds)[number];

export const operationStepIdSchema = z.enum([...cloudStepIds, ...deployStepIds, ...deleteStepIds]);
export type OperationStepId = z.infer<typeof operationStepIdSchema>;

export const fingerprintSchema = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/);

/** What the operator gives. Host, user, port and paths are checked again where they are used; secrets travel apart. */
export const deployRequestSchema = z.strictObject({
  name: siteNameSchema,
  host: z.string().max(253),
  port: z.number().int().min(1).max(65_535).default(22),
  user: z.string().max(32).default('root'),
  /** "user@host:port,...", nearest first. */
  jump: z.string().max(512).optional(),
  identityFile: z.string().max(1024).optional(),
  /** Everything below this folder as the login user, supervised by a script, no root needed. Absent: a system service. */
  prefix: z.string().max(80).optional(),
  /** Where the agent will listen for the desktop. */
  agentPort: z.number().int().min(1024).max(65_535).default(7411),
  /** Of the host key, read where the operator trusts it (or from the provider's API). */
  fingerprints: z.array(fingerprintSchema).max(8).default([]),
  /** Take over what an unknown or lost deployment left there. */
  adopt: z.boolean().default(false),
  /** Set by the provider adapters. */
  provider: z
    .strictObject({ kind: z.string().max(32), region: z.string().max(64), serverId: z.string().max(128) })
    .optional(),
});
export type DeployRequest = z.infer<typeof deployRequestSchema>;

/** Found on the server before anything is changed there. */
export const hostFactsSchema = z.strictObject({
  os: z.string(),
  arch: z.string(),
  /** "glibc 2.36", "musl", or "unknown". */
  libc: z.string(),
  distribution: z.string(),
  systemd: z.boolean(),
  memoryMiB: z.number(),
  /** Free where the program goes. */
  diskFreeMiB: z.number(),
  /** Their clock minus ours, and how far off that figure can be. */
  clockOffsetMs: z.number(),
  clockErrorMs: z.number(),
  portBusy: z.boolean(),
  /** Installed releases and the one in use. */
  releases: z.array(z.string()),
  current: z.string().optional(),
  /** Of the Node found there, "24.21.0". */
  systemNode: z.string().optional(),
  /** TCP connect time from there, where curl could tell. */
  venueConnectMs: z.array(z.strictObject({ host: z.string(), ms: z.number() })),
});
export type HostFacts = z.infer<typeof hostFactsSchema>;

export const stepStateSchema = z.enum(['waiting', 'running', 'done', 'unchanged', 'failed', 'undoing', 'undone']);

export const stepProgressSchema = z.strictObject({
  step: deployStepIdSchema,
  state: stepStateSchema,
  /** Since this step began, in this run. */
  elapsedMs: z.number(),
  /** The latest thing to say about it, English. */
  detail: z.string().optional(),
  /** The same for every language. */
  said: z.array(sayingSchema).optional(),
  bytesDone: z.number().optional(),
  bytesTotal: z.number().optional(),
  /** From the throughput measured so far. */
  remainingMs: z.number().optional(),
});
export type StepProgress = z.infer<typeof stepProgressSchema>;

/** A remark on a host or a site: what is wrong, and what to do. */
export const findingSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['ok', 'warn', 'stop']),
  /** English, for the command line. */
  message: z.string(),
  remedy: z.string(),
  /** The same for the window, in every language. */
  said: sayingSchema.optional(),
  saidRemedy: sayingSchema.optional(),
  /** A command of ours that mends it safely. */
  fix: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** A server an engine runs on. Never a secret: those are in the secret store. */
export const siteSchema = z.strictObject({
  /** Tells this deployment from every other: also in the marker file on the server. */
  id: z.uuid(),
  name: siteNameSchema,
  host: z.string(),
  port: z.number().int(),
  user: z.string(),
  jump: z.string().optional(),
  identityFile: z.string().optional(),
  /** Folder of the program there. */
  prefix: z.string(),
  service: z.enum(['systemd', 'supervised']),
  /** The agent runs as a user of its own (a system service), not as the login user in a folder of his. */
  ownUser: z.boolean(),
  /** "SHA256:..." of the host key ssh insists on. */
  hostKeyFingerprint: z.string(),
  agent: z.strictObject({
    port: z.number().int(),
    agentId: keyNameSchema,
    /** What the desktop insists on. */
    spkiPin: spkiPinSchema,
    certificatePem: certificatePemSchema,
    publicKey: ed25519KeySchema,
    /** Whether its port answered this machine at the end of the deploy. */
    reachable: z.boolean(),
  }),
  version: z.string(),
  release: z.string(),
  runtime: z.string(),
  facts: hostFactsSchema,
  measured: measureResultSchema.optional(),
  provider: deployRequestSchema.shape.provider,
  createdAt: z.number(),
  deployedAt: z.number(),
});
export type Site = z.infer<typeof siteSchema>;

/** `upgrade` is a deploy to a site that exists; `uninstall` ends with a proof. */
export const siteActionSchema = z.enum(['start', 'stop', 'restart', 'upgrade', 'rollback', 'uninstall']);
export type SiteAction = z.infer<typeof siteActionSchema>;

export const serviceStateSchema = z.enum(['running', 'stopped', 'restarting', 'failed', 'absent']);
export type ServiceState = z.infer<typeof serviceStateSchema>;

export const siteStatusSchema = z.strictObject({
  name: siteNameSchema,
  service: serviceStateSchema,
  current: z.string().optional(),
  previous: z.string().optional(),
  releases: z.array(z.string()),
  /** Absent while the agent does not answer. */
  agent: agentStatusSchema.optional(),
  error: errorSchema.optional(),
});
export type SiteStatus = z.infer<typeof siteStatusSchema>;

export const operationStepSchema = stepProgressSchema.extend({ step: operationStepIdSchema });
export type OperationStep = z.infer<typeof operationStepSchema>;

/** How long deploys of this machine took that ran through in one go. */
export const usualTimeSchema = z.strictObject({ n: z.number().int(), minMs: z.number(), maxMs: z.number() });

/** What a look at a server found; nothing was changed there. */
export const lookResultSchema = z.strictObject({
  facts: hostFactsSchema,
  findings: z.array(findingSchema),
  prediction: predictionSchema,
});

/** One run of deploy, upgrade, undo, look or deletion, as the window follows it. */
export const operationSchema = z.strictObject({
  id: z.string().max(64),
  site: siteNameSchema,
  kind: z.enum(['deploy', 'upgrade', 'undo', 'action', 'look', 'deleteServer']),
  action: siteActionSchema.optional(),
  /** Where it runs, as it was given: "root@203.0.113.7", "Lightsail ap-northeast-1". */
  target: z.string().optional(),
  /** Of a deploy to a server that was there: to begin it again. */
  request: deployRequestSchema.optional(),
  state: z.enum(['running', 'done', 'failed', 'stopped']),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  steps: z.array(operationStepSchema),
  /** What the steps said, oldest first; the latest 200. */
  log: z
    .array(
      z.strictObject({
        at: z.number(),
        step: operationStepIdSchema.optional(),
        /** English. */
        text: z.string(),
        said: z.array(sayingSchema).optional(),
      }),
    )
    .optional(),
  usual: usualTimeSchema.optional(),
  error: errorSchema.optional(),
  /** Said at the end: "Nothing to change: ...". English; the window words the outcome itself. */
  summary: z.string().optional(),
  /** Nothing had to be done: all was as it should be. */
  isUnchanged: z.boolean().optional(),
  /** What is proven gone. */
  gone: z.array(z.string()).optional(),
  /** The same, one by one, for every language. */
  saidGone: z.array(sayingSchema).optional(),
  look: lookResultSchema.optional(),
});
export type Operation = z.infer<typeof operationSchema>;

/** A deploy that neither finished nor was undone: it can be resumed or undone. */
export const unfinishedSchema = z.strictObject({
  site: siteNameSchema,
  host: z.string(),
  kind: z.enum(['deploy', 'upgrade']),
  startedAt: z.number(),
  lastStep: deployStepIdSchema.optional(),
  error: errorSchema.optional(),
});
export type Unfinished = z.infer<typeof unfinishedSchema>;

export const plannedStepSchema = z.strictObject({
  step: deployStepIdSchema,
  changes: z.boolean(),
  /** Each command as the server would get it. */
  commands: z.array(
    z.strictObject({ name: z.string(), runsAs: z.enum(['login', 'root', 'agent', 'here']), text: z.string() }),
  ),
});
export type PlannedStep = z.infer<typeof plannedStepSchema>;

export const hostKeyQuestionSchema = z.strictObject({
  id: z.string().max(64),
  site: siteNameSchema,
  host: z.string(),
  port: z.number().int(),
  type: z.string(),
  fingerprint: z.string(),
});
export type HostKeyAsked = z.infer<typeof hostKeyQuestionSchema>;

/** Of a login secret: asked for, kept, or why not. The secret itself stays in main. */
export const siteSecretKindSchema = z.enum(['password', 'sudoPassword', 'passphrase']);
export type SiteSecretKind = z.infer<typeof siteSecretKindSchema>;
export const siteSecretViewSchema = z.strictObject({
  site: siteNameSchema,
  kind: siteSecretKindSchema,
  state: z.enum(['asking', 'kept', 'none', 'failed']),
  error: errorSchema.optional(),
});
export type SiteSecretView = z.infer<typeof siteSecretViewSchema>;

/** The latest look at a deployed site over SSH; what it said before stays while it is looked at again. */
export const siteLookupSchema = z.strictObject({
  site: siteNameSchema,
  isChecking: z.boolean(),
  /** Of `status`. */
  at: z.number().optional(),
  status: siteStatusSchema.optional(),
  /** Why the latest look failed. */
  error: errorSchema.optional(),
});
export type SiteLookup = z.infer<typeof siteLookupSchema>;

/** What was predicted for a site before it was deployed, and the same with what its agent has measured since. */
export const outlookSchema = z.strictObject({
  site: siteNameSchema,
  at: z.number(),
  prediction: predictionSchema,
  measured: predictionSchema.optional(),
});
export type Outlook = z.infer<typeof outlookSchema>;

export const sitesStateSchema = z.strictObject({
  /** Of this program: what a redeploy brings. */
  version: z.string(),
  sites: z.array(siteSchema),
  unfinished: z.array(unfinishedSchema),
  /** Running ones and the latest that ended of each site. */
  operations: z.array(operationSchema),
  /** Host keys that wait for a person. */
  questions: z.array(hostKeyQuestionSchema),
  /** Everything at clouds that is not proven gone, also without a site. */
  cloudServers: z.array(cloudServerViewSchema),
  access: z.array(cloudAccessSchema),
  secrets: z.array(siteSecretViewSchema),
  lookups: z.array(siteLookupSchema),
  outlooks: z.array(outlookSchema),
  /** Of every deployed agent. */
  links: z.array(siteLinkSchema),
  /** What the desk did at each place it ran at, the latest of each. */
  figures: z.array(placeFiguresSchema),
  /** Lists that could not be read at start and were kept aside. */
  setAside: z.array(errorSchema),
});
export type SitesState = z.infer<typeof sitesStateSchema>;

/** A server to be made, and what the operator accepted for it. */
export const cloudRequestSchema = z.strictObject({
  name: siteNameSchema,
  provider: providerIdSchema,
  region: z.string().min(1).max(64),
  plan: z.string().min(1).max(64),
  acceptedPrice: priceSchema,
  agentPort: z.number().int().min(1024).max(65_535).default(7411),
  /** From where SSH and the agent may be reached: "0.0.0.0/0" is everywhere. */
  sources: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .min(1)
    .max(8)
    .default(['0.0.0.0/0']),
});
export type CloudRequest = z.infer<typeof cloudRequestSchema>;

const named = z.strictObject({ site: siteNameSchema });
const started = z.strictObject({ operationId: z.string().max(64) });

export const siteCalls = {
  'sites.state': { input: z.strictObject({}), output: sitesStateSchema },
  /** Every command of a deploy, without contacting anybody. */
  'sites.plan': { input: deployRequestSchema, output: z.strictObject({ steps: z.array(plannedStepSchema) }) },
  /** Starts a deploy; `sites.state` events follow it. A second one on a deployed site changes nothing and says so. */
  'sites.deploy': { input: deployRequestSchema, output: started },
  /** Goes on where an unfinished deploy or upgrade stopped. */
  'sites.resume': { input: named, output: started },
  /** Stops what runs on this site; it stays resumable. */
  'sites.stop': { input: named, output: z.strictObject({}) },
  /** Undoes an unfinished deploy and proves what is gone. */
  'sites.undo': { input: named, output: started },
  /** Answers a question of `sites.state`. */
  'sites.hostKey': {
    input: z.strictObject({ id: z.string().max(64), accept: z.boolean() }),
    output: z.strictObject({}),
  },
  /** `override`: go on although the agent there is not flat. */
  'sites.act': {
    input: z.strictObject({ site: siteNameSchema, action: siteActionSchema, override: z.boolean().default(false) }),
    output: started,
  },
  'sites.status': { input: named, output: siteStatusSchema },
  'sites.doctor': { input: named, output: z.strictObject({ findings: z.array(findingSchema) }) },
  /** The last lines of the agent's log, redacted. */
  'sites.logs': {
    input: z.strictObject({ site: siteNameSchema, lines: z.number().int().min(1).max(2_000) }),
    output: z.strictObject({ lines: z.array(z.string()) }),
  },
  /** Asks the person for a login secret, past the window, and keeps it; `forget` deletes it. `sites.state` follows. */
  'sites.secret': {
    input: z.strictObject({ site: siteNameSchema, kind: siteSecretKindSchema, forget: z.boolean().default(false) }),
    output: z.strictObject({}),
  },
  /** Looks again at one site or all of them; `sites.state` follows. */
  'sites.refresh': { input: z.strictObject({ site: siteNameSchema.optional() }), output: z.strictObject({}) },
  /** Logs in to a server and judges it, distances included; changes nothing there. */
  'sites.look': { input: deployRequestSchema, output: started },
  /** What is measured from here. */
  'sites.where': {
    input: z.strictObject({}),
    output: z.strictObject({
      legs: z.array(legHereSchema),
      /** Fewer orders than this say nothing about a leg. */
      minOrders: z.number().int(),
      /** The line practice imitates: the figures are of it, not of this machine's own line. */
      practiceLine: z.string().optional(),
      /** City of each venue whose place is known. */
      places: z.array(z.strictObject({ venue: venueNameSchema, city: z.string() })),
    }),
  },
  /** Takes an operation that ended from view. */
  'sites.dismiss': { input: z.strictObject({ operationId: z.string().max(64) }), output: z.strictObject({}) },
  /** Deletes the server with everything made for it at its cloud, and proves it. */
  'sites.deleteServer': {
    input: z.strictObject({ site: siteNameSchema, override: z.boolean().default(false) }),
    output: started,
  },
  /** Asks the person for access to a provider, checks it there, keeps it. `state.access` follows. */
  'cloud.token': {
    input: z.strictObject({ provider: providerIdSchema, forget: z.boolean().default(false) }),
    output: z.strictObject({}),
  },
  /** Checks the access that is kept. */
  'cloud.check': { input: z.strictObject({ provider: providerIdSchema }), output: z.strictObject({}) },
  /** Nearest to the venues first. */
  'cloud.regions': {
    input: z.strictObject({ provider: providerIdSchema }),
    output: z.strictObject({ regions: z.array(cloudRegionSchema) }),
  },
  /** Plans that can be ordered there now, cheapest first; the ones too small for the agent are left out. */
  'cloud.plans': {
    input: z.strictObject({ provider: providerIdSchema, region: z.string().max(64) }),
    output: z.strictObject({ plans: z.array(cloudPlanSchema) }),
  },
  /** Makes a server and deploys to it. No more than the accepted price is ever agreed to. */
  'cloud.deploy': { input: cloudRequestSchema, output: started },
} as const;

export const siteEvents = {
  'sites.state': sitesStateSchema,
} as const;
