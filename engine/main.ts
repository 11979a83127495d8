/** The engine process as `main` starts it: one launch line from its parent, one ready line on standard output, notices on standard error. */
import { startAgent } from './agent/agent.ts';
import { onParentGone, readLaunch } from './agent/parent.ts';
import { withFacts } from './agent/with-facts.ts';
import { errorMessage, HalfspreadError } from './core/errors.ts';
import { createNodeEnv } from './node-env.ts';
import { startDesk } from './start-desk.ts';
import { ENGINE_VERSION } from './version.ts';

/** How long clients wait for a desk that cannot reach its venues before they are let in to see why. */
const START_PATIENCE_MS = 10_000;
const EXIT_FAILED = 1;
const EXIT_REFUSED = 2;

try {
  await main();
} catch (error) {
  refuse(error);
}

async function main(): Promise<void> {
  const { cookie, devicePublicKey, desk: content, options } = await readLaunch();
  const env = createNodeEnv();
  const {
    desk,
    started,
    stop: stopDesk,
  } = await startDesk(content, env, {
    dataFolder: options.dataFolder,
    spikeSensitivity: options.spikes,
    onEvent: (_sequence, event) => {
      if (event.type === 'notice') process.stderr.write(`${JSON.stringify(event.notice)}\n`);
    },
  });
  // A venue that does not answer is tried on: the window must show that, and not a program that never comes up.
  await Promise.race([started, new Promise<void>((resolve) => env.timers.after(START_PATIENCE_MS, resolve))]);
  const agent = await startAgent({
    desk: withFacts(desk),
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
    stopDesk(reason)
      .then(() => Promise.all([agent.stop(), env.close()]))
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
  onParentGone(() => stop('the program that started the engine is gone'));
  process.stdout.write(`${JSON.stringify(agent.ready)}\n`);
  started.catch((error: unknown) => {
    if (!stopping) refuse(error);
  });
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
