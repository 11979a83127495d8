import { HalfspreadError } from '../../engine/protocol/errors.ts';

interface Failure {
  code: `HS_${string}`;
  message: (detail: string, host: string) => string;
  remedy: string;
}

/** What scripts end with through `fail NAME detail`. */
const FAILURES: Record<string, Failure> = {
  BUSY: {
    code: 'HS_DEPLOY_BUSY',
    message: (detail, host) => `Another deploy works in ${detail} on ${host}.`,
    remedy: 'Wait until it is over, then try again.',
  },
  DOWNLOAD: {
    code: 'HS_DEPLOY_DOWNLOAD',
    message: (detail, host) => `${host} could not download Node: ${detail}`,
    remedy: 'Halfspread uploads it from here instead.',
  },
  HASH: {
    code: 'HS_DEPLOY_HASH',
    message: (detail, host) => `${detail} on ${host} is not what was sent: its SHA-256 differs. Nothing of it was run.`,
    remedy:
      'Deploy again: it is removed and sent anew. If it happens again, the server’s disk or memory is faulty, or somebody changes files there.',
  },
  UNPACK: {
    code: 'HS_DEPLOY_UNPACK',
    message: (detail, host) => `${detail} could not be unpacked on ${host}.`,
    remedy: 'Check that tar and gzip are installed there and that the disk has room.',
  },
  PREFIX_FOREIGN: {
    code: 'HS_DEPLOY_PREFIX_IN_USE',
    message: (detail, host) =>
      `The folder ${detail} on ${host} has files that are not Halfspread’s; nothing was put there.`,
    remedy: 'Name another folder with --prefix.',
  },
  USER: {
    code: 'HS_DEPLOY_MAKE_USER',
    message: (detail, host) => `The user of the agent could not be made on ${host}: ${detail}`,
    remedy: 'Look whether useradd is installed there and /etc/passwd can be written.',
  },
  UNIT: {
    code: 'HS_DEPLOY_UNIT',
    message: (detail, host) => `systemd on ${host} does not accept the service: ${detail}`,
    remedy: 'Use a server with systemd 240 or newer, or --prefix for the supervised form.',
  },
  START: {
    code: 'HS_DEPLOY_START',
    message: (detail, host) => `The agent did not start on ${host}: ${detail}`,
    remedy: 'Read its log (halfspread site logs NAME) and run halfspread site doctor NAME.',
  },
  STOP: {
    code: 'HS_DEPLOY_STOP',
    message: (detail, host) => `The agent on ${host} did not end: ${detail}`,
    remedy: 'Log in there and look at the process.',
  },
  NO_PREVIOUS: {
    code: 'HS_DEPLOY_NO_PREVIOUS',
    message: (_detail, host) => `There is no earlier version on ${host} to go back to.`,
    remedy: 'Deploy the version you want.',
  },
};

/** A script that ended with an error, as one of ours. */
export function remoteFailure(run: {
  script: string;
  host: string;
  code: number | null;
  stderr: string;
}): HalfspreadError {
  const { script, host, code, stderr } = run;
  const said = /HALFSPREAD-FAIL\t([A-Z_]+)\t(.*)/.exec(stderr);
  const failure = said ? FAILURES[said[1]!] : undefined;
  if (failure) return new HalfspreadError(failure.code, failure.message(said![2]!.slice(0, 400), host), failure.remedy);
  const last = lastLine(stderr);
  if (/No space left on device|Disk quota exceeded/i.test(stderr)) {
    return new HalfspreadError(
      'HS_DEPLOY_DISK_FULL',
      `The disk of ${host} is full ("${script}": ${last}).`,
      'Free space there (a deploy needs about 350 MB with its own Node), then resume: what is there already is kept.',
    );
  }
  if (/Read-only file system/i.test(stderr)) {
    return new HalfspreadError(
      'HS_DEPLOY_READ_ONLY',
      `A folder on ${host} cannot be written: its file system is read-only ("${script}": ${last}).`,
      'Name a folder on a writable file system with --prefix, or remount it.',
    );
  }
  if (/incorrect password|Sorry, try again|no password was provided|a password is required/i.test(stderr)) {
    return new HalfspreadError(
      'HS_DEPLOY_SUDO_PASSWORD',
      `sudo on ${host} does not accept the password, or needs one.`,
      'Give the right one with --ask-sudo-password.',
    );
  }
  if (/not in the sudoers|not allowed to execute|may not run sudo/i.test(stderr)) {
    return new HalfspreadError(
      'HS_DEPLOY_NO_ROOT',
      `This user may not become root on ${host}, which a system service needs.`,
      'Log in as root or as a user with sudo, or use --prefix DIR: then everything runs as this user without root.',
    );
  }
  if (/Permission denied|Operation not permitted/i.test(stderr)) {
    return new HalfspreadError(
      'HS_DEPLOY_PERMISSION',
      `This user may not do what "${script}" needs on ${host}: ${last}`,
      'Name a folder this user may write with --prefix, or log in as a user with sudo.',
    );
  }
  return new HalfspreadError(
    'HS_DEPLOY_REMOTE',
    `"${script}" failed on ${host} (exit code ${code}): ${last}`,
    'See what the server says above; run halfspread site doctor NAME, or deploy again.',
  );
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (lines.filter((line) => line !== '').at(-1) ?? 'it said nothing').slice(0, 300);
}
