import { toWireError } from '../../../engine/protocol/errors.ts';
import { printJson, say } from './terminal.ts';

/** Exit codes of `halfspread deploy` and `halfspread site`; scripts may rely on them. 0 to 3 are those of the other commands. */
export const EXIT = {
  /** Done, also when there was nothing to change. */
  ok: 0,
  /** It ran and failed; what was done is kept and can be resumed. */
  failed: 1,
  /** Something given cannot be used; nobody was contacted. */
  badInput: 2,
  /** The site’s agent does not run. */
  notRunning: 3,
  /** A person must decide first: verify a host key, give a password, close positions. */
  needsPerson: 5,
  /** The new version did not answer; the one before runs again. */
  rolledBack: 6,
  stopped: 130,
} as const;

const BAD_INPUT =
  /^HS_(DEPLOY_(HOST|USER|PORT|JUMP|NAME|PREFIX|FINGERPRINT|REQUEST|IDENTITY|QUOTE|PATH|NAME_TAKEN|NOTHING_UNFINISHED|UNFINISHED|NO_SECRET)|SITE_UNKNOWN|CLOUD_(NO_SERVER|TOKEN_FORM|NO_TOKEN)|SECRETS_FILE|PROGRAM_MISSING)$/;
const NEEDS_PERSON =
  /^HS_(SSH_HOST_KEY_(UNVERIFIED|MISMATCH|CHANGED)|DEPLOY_(NOT_FLAT|SUDO_PASSWORD|LEFTOVERS|OTHER_SITE|DESK_UNKNOWN|NOT_FRESH)|SITE_(NOT_FLAT|SILENT)|CLOUD_(PRICE|REGION_FULL)|KEYCHAIN_NONE)$/;

export function exitCodeOf(code: string): number {
  if (code === 'HS_DEPLOY_STOPPED') return EXIT.stopped;
  if (code === 'HS_DEPLOY_ROLLED_BACK') return EXIT.rolledBack;
  if (code === 'HS_NOT_RUNNING') return EXIT.notRunning;
  if (BAD_INPUT.test(code)) return EXIT.badInput;
  return NEEDS_PERSON.test(code) ? EXIT.needsPerson : EXIT.failed;
}

/** Says an error for a person (and as JSON when asked) and returns the exit code. */
export function reportError(error: unknown, json: boolean): number {
  const { code, message, remedy } = toWireError(error);
  say(`${code}: ${message}`);
  say(`What to do: ${remedy}`);
  if (code === 'HS_INTERNAL' && error instanceof Error && error.stack) say(error.stack);
  if (json) printJson({ error: { code, message, remedy } });
  return exitCodeOf(code);
}
