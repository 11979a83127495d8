import {
  configCheckAnswerSchema,
  type ConfigCheckAnswer,
  type ConfigCheckRequest,
} from '../../engine/protocol/config-check.ts';
import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';
import type { ProcessLauncher } from '../engines/launcher.ts';

const CHECK_TIMEOUT_MS = 20_000;

/**
 * Asks the engine's own code whether a desk's config can be used.
 * @param script Programs.configCheck
 * @throws HalfspreadError HS_CONFIG_CHECK when the program could not be run or understood
 */
export function checkConfig(
  launcher: ProcessLauncher,
  script: string,
  request: ConfigCheckRequest,
): Promise<ConfigCheckAnswer> {
  return new Promise((resolve, reject) => {
    let firstLine: string | undefined;
    let lastLogLine = '';
    const child = launcher(
      { name: 'config check', script, args: [], handover: request },
      {
        onStdoutLine: (line) => (firstLine ??= line),
        onStderrLine: (line) => (lastLogLine = line),
        onExit: (code, signal, startError) => {
          clearTimeout(timeout);
          if (firstLine === undefined) {
            return reject(failed(startError?.message ?? `it ended with ${signal ?? `code ${code}`}: ${lastLogLine}`));
          }
          try {
            resolve(configCheckAnswerSchema.parse(JSON.parse(firstLine)));
          } catch (error) {
            reject(failed(errorMessage(error)));
          }
        },
      },
    );
    const timeout = setTimeout(() => child.kill(), CHECK_TIMEOUT_MS);
  });
}

function failed(why: string): HalfspreadError {
  return new HalfspreadError(
    'HS_CONFIG_CHECK',
    `The desk's config could not be checked (${why}); the one in use stays.`,
    'Try again; build Halfspread anew (npm run build) if it stays like this.',
  );
}
