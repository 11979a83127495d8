/** The engine process as `main` starts it: one launch line on descriptor 3, one ready line on standard output, notices on standard error. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { startAgent } from './agent/agent.ts';
import { errorMessage, HalfspreadError } from './core/errors.ts';
import { assembleDesk, signerKeysOf } from './desk/assemble.ts';
import { parseVenueSet } from './desk/venue-set.ts';
import { createNodeEnv } from './node-env.ts';
import { launchSchema, type Launch } from './protocol/launch.ts';
import { createWorkerSigner } from './venues/signer/worker-signer.ts';
import { ENGINE_VERSION } from './version.ts';

const LAUNCH_DESCRIPTOR = 3;
const EXIT_FAILED = 1;
const EXIT_REFUSED = 2;

try {
  await main();
} catch (error) {
  refuse(error);
}

async function main(): Promise<void> {
  const { cookie, devicePublicKey, venues, options } = await readLaunch();
  const env = createNodeEnv();
  const venueSet = parseVenueSet(venues);
  const signer = await createWorkerSigner(signerKeysOf(venueSet));
  const desk = await assembleDesk({ env, venueSet, mode: options.mode, dataFolder: options.dataFolder, signer });
  desk.onEvent((_sequence, event) => {
    if (event.type === 'notice') process.stderr.write(`${JSON.stringify(event.notice)}\n`);
  });
  await desk.start();
  const agent = await startAgent({
    desk,
    env,
    pipePath: options.pipePath,
    cookie,
    devicePublicKey,
    agentId: `engine-${process.pid}`,
    version: ENGINE_VERSION,
    dataFolder: options.dataFolder,
    audit: (record) => process.stderr.write(`${JSON.stringify({ audit: record })}\n`),
  });

  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    desk
      .stop(reason)
      .then(() => Promise.all([agent.stop(), signer.close(), env.close()]))
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(
            `${JSON.stringify({ level: 'error', code: 'HS_STOP_FAILED', message: errorMessage(error) })}\n`,
          );
          process.exit(EXIT_FAILED);
        },
      );
  };
  process.on('SIGTERM', () => stop('asked to stop'));
  process.on('SIGINT', () => stop('interrupted'));
  // The supervisor holds our standard input: its end means that nobody would stop us any more.
  process.stdin.resume().on('end', () => stop('the program that started the engine is gone'));
  process.stdout.write(`${JSON.stringify(agent.ready)}\n`);
}

/** Secrets come through a descriptor: not in argv, not in the environment. */
async function readLaunch(): Promise<Launch> {
  const input = createReadStream('', { fd: LAUNCH_DESCRIPTOR, encoding: 'utf8' });
  try {
    for await (const line of createInterface({ input })) {
      const parsed = launchSchema.safeParse(JSON.parse(line));
      if (parsed.success) return parsed.data;
      break;
    }
  } catch (cause) {
    throw launchError(cause);
  }
  throw launchError(undefined);
}

function launchError(cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_LAUNCH',
    'The engine got no launch line on descriptor 3.',
    'It is started by Halfspread itself; use `npm start` or `halfspread run`.',
    { cause },
  );
}

/** Tells the supervisor why, in the form it shows to the operator, and ends. */
function refuse(error: unknown): void {
  const known = error instanceof HalfspreadError;
  const code = known ? error.code : 'HS_INTERNAL';
  const remedy = known ? error.remedy : 'This is a fault of Halfspread itself; please report it.';
  process.stdout.write(`${JSON.stringify({ ready: false, error: { code, message: errorMessage(error), remedy } })}\n`);
  process.stderr.write(`${JSON.stringify({ level: 'error', code, message: errorMessage(error) })}\n`);
  process.exit(known ? EXIT_REFUSED : EXIT_FAILED);
}
