import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';

/** What ssh may ask for. A password is for the target alone; jump hosts take keys only. */
export interface SshSecrets {
  password?: string | undefined;
  passphrase?: string | undefined;
}

/** Answers ssh's two questions from the pipes beside it; anything else (a host key, a PIN) gets no answer. */
const PROGRAM = `#!/bin/sh
case "$1" in
  *assphrase*) pipe=passphrase ;;
  *assword*) pipe=password ;;
  *) exit 1 ;;
esac
[ -p "\${0%/*}/$pipe" ] || exit 1
IFS= read -r secret <"\${0%/*}/$pipe" || exit 1
printf '%s\\n' "$secret"
`;

export interface Askpass {
  /** For ssh's environment: paths and switches, no secret. */
  environment: Record<string, string>;
  /** Drops what was not read. */
  close(): Promise<void>;
}

/**
 * Makes the askpass program and one named pipe per secret in `folder` (0700, ours). ssh closes inherited descriptors, so a
 * pipe with a name is what is left; the secret is in the kernel's buffer only, readable by this user only, and gone when
 * closed.
 * @param times how many programs ask for the same passphrase (target and jump hosts)
 * @throws HalfspreadError HS_SSH_ASKPASS on Windows, or for a secret with a line end
 */
export async function openAskpass(folder: string, secrets: SshSecrets, times: number): Promise<Askpass | undefined> {
  const given = [
    { name: 'password', secret: secrets.password, lines: 1 },
    { name: 'passphrase', secret: secrets.passphrase, lines: times },
  ].filter(({ secret }) => secret !== undefined);
  if (given.length === 0) return undefined;
  if (process.platform === 'win32') {
    throw refuse(
      'Passwords and passphrases cannot be handed to ssh safely on Windows yet.',
      'Use a key that is loaded into the SSH agent (ssh-add).',
    );
  }
  const program = join(folder, 'askpass');
  await writeFile(program, PROGRAM, { mode: 0o700 });
  const pipes: FileHandle[] = [];
  for (const { name, secret = '', lines } of given) {
    if (/[\0\n\r]/.test(secret))
      throw refuse(`The ${name} holds a line end, which ssh cannot take.`, 'Check the input.');
    pipes.push(await openPipe(join(folder, name), `${secret}\n`.repeat(lines)));
  }
  return {
    environment: { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: process.env['DISPLAY'] ?? ':0' },
    async close() {
      await Promise.all(pipes.map((pipe) => pipe.close()));
    },
  };
}

async function openPipe(path: string, text: string): Promise<FileHandle> {
  const made = spawn('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
  const [code] = (await once(made, 'close')) as [number | null];
  if (code !== 0) throw refuse(`The pipe ${path} could not be made.`, 'Check that the folder is writable.');
  // Open for both: neither side then waits for the other, and what is written stays until it is read or we close.
  const pipe = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  await pipe.write(text);
  return pipe;
}

function refuse(message: string, remedy: string): HalfspreadError {
  return new HalfspreadError('HS_SSH_ASKPASS', message, remedy);
}
