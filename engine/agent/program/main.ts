/** The agent program: `agent.mjs VERB --state DIR`. Its outputs are engine/protocol/agent-program.ts. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { EXIT, printJson, reportError } from '../../cli/output.ts';
import { errorMessage, HalfspreadError } from '../../core/errors.ts';
import { createNodeEnv } from '../../node-env.ts';
import { enrolRequestSchema, keyNameSchema, measureRequestSchema } from '../../protocol/agent-program.ts';
import { parseStrictJson } from '../../protocol/strict-json.ts';
import { ENGINE_VERSION } from '../../version.ts';
import { enrolDevice, initAgent, listDevices, revokeDevice, rotateAgent } from './enrolment.ts';
import { measure } from './measure.ts';
import { purge } from './purge.ts';
import { runAgent } from './run.ts';
import { selfTest } from './self-test.ts';
import { connectServiceManager } from './service-manager.ts';
import { DEFAULT_LISTEN, parseSettings } from './settings.ts';
import { stateFolder } from './state-folder.ts';
import { askStatus } from './status-pipe.ts';

const USAGE = `agent.mjs VERB --state DIR [options]

  init --state DIR --port P [--listen ADDRESS]   make the agent's identity; a second run keeps it
  enrol --state DIR                              take a device in: {deviceId, publicKey, certificatePem, role, label} on standard input
  devices --state DIR                            devices that are enrolled
  revoke --state DIR --device ID                 take a device out; a running agent closes its sessions
  rotate --state DIR [--now]                     make the agent's next TLS key
  run --state DIR                                the service; ends with SIGTERM
  status --state DIR                             what the running agent does
  self-test --state DIR                          whether it could run here
  measure                                        round trips to {endpoints, samples} of standard input
  purge --state DIR                              remove all of it; refused while trades are open
  version

Every verb prints one line of JSON; a failure is {"error": {code, message, remedy}}.
Exit codes: 0 done, 1 failed, 2 bad input or state, 3 no agent is running.`;

/** Standard input is one JSON text of a deploying desktop: a config or a certificate, not more. */
const MAX_INPUT_CHARS = 1024 * 1024;

interface Options {
  state: string;
  port?: string;
  listen: string;
  device?: string;
  now: boolean;
}

const VERBS: Record<string, (options: Options) => Promise<void>> = {
  init: async ({ state, port, listen }) => {
    if (port === undefined) throw missing('--port');
    printJson(await initAgent(state, parseSettings(port, listen), Date.now()));
  },
  enrol: async ({ state }) => printJson(await enrolDevice(state, await readInput(enrolRequestSchema), Date.now())),
  devices: async ({ state }) => printJson(await listDevices(state)),
  revoke: async ({ state, device }) => {
    if (device === undefined) throw missing('--device');
    const id = keyNameSchema.safeParse(device);
    if (!id.success) throw badInput(`--device "${device}" is no device id.`, 'Take it from `devices`.');
    printJson(await revokeDevice(state, id.data));
  },
  rotate: async ({ state, now }) => printJson(await rotateAgent(state, now, Date.now())),
  run: ({ state }) => run(state),
  status: async ({ state }) => printJson(await askStatus(stateFolder(state).statusPipe)),
  'self-test': async ({ state }) => {
    const result = await selfTest(state);
    printJson(result);
    if (!result.ok) process.exitCode = EXIT.failed;
  },
  measure: async () => {
    const env = createNodeEnv();
    printJson(await measure(await readInput(measureRequestSchema), env));
    await env.close();
  },
  purge: async ({ state }) => printJson(await purge(state)),
};
const WITHOUT_STATE = new Set(['measure']);

try {
  // Whatever is written belongs to this user alone.
  process.umask(0o077);
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportError(error, true);
}

async function main(args: string[]): Promise<void> {
  const [name = '', ...rest] = args;
  if (name === '--help' || name === 'help') return void process.stdout.write(`${USAGE}\n`);
  if (name === 'version' || name === '--version') return printJson({ version: ENGINE_VERSION });
  const verb = VERBS[name];
  if (!verb)
    throw badInput(name === '' ? 'No verb was given.' : `There is no verb "${name}".`, 'See agent.mjs --help.');
  await verb(readOptions(rest, !WITHOUT_STATE.has(name)));
}

function readOptions(args: string[], needsState: boolean): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        state: { type: 'string' },
        port: { type: 'string' },
        listen: { type: 'string', default: DEFAULT_LISTEN },
        device: { type: 'string' },
        now: { type: 'boolean', default: false },
        // Every verb prints JSON; scripts that say so everywhere are understood.
        json: { type: 'boolean', default: true },
      },
    }));
  } catch (error) {
    throw badInput(errorMessage(error), 'See agent.mjs --help.');
  }
  if (values.state === undefined && needsState) throw missing('--state');
  return { ...values, state: resolve(values.state ?? '.') };
}

async function run(state: string): Promise<void> {
  const env = createNodeEnv();
  const log = (line: Record<string, unknown>) => void process.stderr.write(`${JSON.stringify(line)}\n`);
  const agent = await runAgent(state, env, log);
  const manager = connectServiceManager(process.env, env.timers, (message) =>
    log({ level: 'warn', code: 'HS_SERVICE_MANAGER', message }),
  );
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    manager.stopping();
    agent.stop(reason).then(
      () => process.exit(EXIT.ok),
      (error: unknown) => {
        log({ level: 'error', code: 'HS_STOP_FAILED', message: errorMessage(error) });
        process.exit(EXIT.failed);
      },
    );
  };
  process.on('SIGTERM', () => stop('asked to stop'));
  process.on('SIGINT', () => stop('interrupted'));
  printJson(agent.ready);
  manager.ready('locked: waiting for a desktop to unlock it');
}

async function readInput<Schema extends z.ZodType>(schema: Schema): Promise<z.output<Schema>> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_INPUT_CHARS) throw badInput('Standard input is too long.', 'Give one JSON text.');
  }
  const parsed = schema.safeParse(parseStrictJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badInput(
    `Standard input, field ${issue?.path.join('.') || 'root'}: ${issue?.message ?? 'is wrong'}`,
    'engine/protocol/agent-program.ts says what belongs there.',
  );
}

function missing(option: string): HalfspreadError {
  return badInput(`${option} is missing.`, 'See agent.mjs --help.');
}

function badInput(message: string, remedy: string): HalfspreadError {
  return new HalfspreadError('HS_OPTION', message, remedy);
}
