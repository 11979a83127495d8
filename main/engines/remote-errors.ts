/** Why a link to an agent on a server does not come about, and what to do. */
import { HalfspreadError } from '../../engine/protocol/errors.ts';

/** Trying again will hardly help with these: somebody has to look. */
const BLOCKING = new Set([
  'HS_LINK_WRONG_PIN',
  'HS_LINK_WRONG_ENGINE',
  'HS_LINK_NOT_ENROLLED',
  'HS_LINK_REVOKED',
  'HS_LINK_VERSION',
]);

export function isBlocking(code: string): boolean {
  return BLOCKING.has(code);
}

export function wrongPin(cause?: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_WRONG_PIN',
    'The server that answers does not have the key this agent was deployed with; nothing was sent to it. Somebody may be in between, or the server was set up anew.',
    'If you did not reinstall the server: do not use it, and look with your own SSH client. If you did: deploy the agent again.',
    { cause },
  );
}

export function notEnrolled(cause?: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_NOT_ENROLLED',
    'The agent ended the connection when it saw this computer’s certificate: this computer is not enrolled there, or no more.',
    'Enrol this computer from the Sites page (over SSH), or use the one that is enrolled.',
    { cause },
  );
}

export function revoked(): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_REVOKED',
    'The agent has revoked this computer: it accepts no connection from it any more.',
    'If that was not meant, enrol this computer again from the Sites page (over SSH).',
  );
}

export function authenticationRefused(): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_NOT_ENROLLED',
    'The agent did not accept this computer’s signature or the role it asked for.',
    'Enrol this computer again from the Sites page (over SSH), with the role you need.',
  );
}

export function tooManySessions(): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_SESSIONS',
    'The agent serves as many clients as it can (8).',
    'Close Halfspread on another computer; this one tries again by itself.',
  );
}

export function unreachable(host: string, port: number, cause: Error): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_UNREACHABLE',
    `${host}, port ${port}, does not answer (${cause.message}). The agent goes on by itself if it was trading.`,
    'It is tried again by itself. Check the line here, whether the server runs, and its firewall.',
    { cause },
  );
}

export function tlsFailed(why: string, cause?: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_TLS',
    `The encrypted connection to the agent did not come about (${why}).`,
    'It is tried again by itself. If it stays like this, look whether another program answers on that port.',
    { cause },
  );
}
