import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { agentErrorLineSchema } from '../../engine/protocol/agent-program.ts';
import { fromWireError, HalfspreadError } from '../../engine/protocol/errors.ts';
import { remoteFailure } from './remote-failure.ts';
import { renderScript } from './scripts/render.ts';
import { isTransient } from './ssh/failure.ts';
import { shellCommand, shellQuote } from './ssh/quote.ts';
import type { SshSession } from './ssh/session.ts';

/** Who a script runs as: the login user, root, or the user the agent has. */
export type RunsAs = 'login' | 'root' | 'agent';

/** A script for a POSIX shell. The body is constant text; whatever varies comes as "$1", "$2", ... or on standard input. */
export interface RemoteScript {
  name: string;
  runsAs: RunsAs;
  body: string;
  args: readonly string[];
  /** Standard input of the body's commands: public data only. */
  input?: string;
  timeoutMs?: number | undefined;
}

/** How the login user becomes root there. */
export type Elevation =
  { kind: 'is-root' } | { kind: 'sudo-free' } | { kind: 'sudo-password'; password: string } | { kind: 'none' };

export interface ScriptOutput {
  text: string;
  /** The last value said for `key`. */
  get(key: string): string | undefined;
  all(key: string): string[];
}

export interface UploadProgress {
  bytesDone: number;
  bytesTotal: number;
  remainingMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 120_000;
const RETRY_WAITS_MS = [1_000, 4_000];
/** Resumed uploads begin at a multiple of this. */
const BLOCK_BYTES = 65_536;
const UPLOAD_TRIES = 20;
const UPLOAD_TIMEOUT_MS = 4 * 3_600_000;

/** Takes the bytes of an upload, and says once a second how many have arrived. One line: no shell minds it as an argument. */
const RECEIVE = [
  'umask 077',
  'f=$1',
  '( while sleep 1 >/dev/null 2>&1 </dev/null; do wc -c <"$f"; done ) & reporter=$!',
  "trap 'kill $reporter 2>/dev/null' EXIT",
  `dd of="$f" bs=${BLOCK_BYTES} seek="$2" conv=notrunc || exit 1`,
  'wc -c <"$f"',
].join('; ');

/** The server, over one ssh session. */
export class Host {
  private readonly session: SshSession;
  private readonly name: string;
  private readonly signal: AbortSignal;
  private elevation: Elevation = { kind: 'none' };
  /** Undefined: the agent runs as the login user. */
  private agentUser: string | undefined;

  constructor(session: SshSession, name: string, signal: AbortSignal) {
    this.session = session;
    this.name = name;
    this.signal = signal;
  }

  /** Set once it is known how this user becomes root and who the agent will be. */
  runAs(elevation: Elevation, agentUser: string | undefined): void {
    this.elevation = elevation;
    this.agentUser = agentUser;
  }

  /**
   * Runs a script to its end and returns what it said. Scripts can be repeated, so a lost connection is tried again.
   * @throws HalfspreadError HS_SSH_..., HS_DEPLOY_..., or what the script failed with
   */
  async run(script: RemoteScript, onLine?: (line: string) => void): Promise<ScriptOutput> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.runOnce(script, onLine);
      } catch (error) {
        const waitMs = RETRY_WAITS_MS[attempt];
        if (!isTransient(error) || waitMs === undefined) throw error;
        await delay(waitMs, undefined, { signal: this.signal });
      }
    }
  }

  private async runOnce(script: RemoteScript, onLine?: (line: string) => void): Promise<ScriptOutput> {
    const { command, firstLine } = this.commandFor(script);
    const { code, stdout, stderr } = await this.session.exec(command, {
      input: `${firstLine}${renderScript(script)}`,
      signal: this.signal,
      timeoutMs: script.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      onLine,
    });
    if (code !== 0) throw agentFailure(stdout) ?? remoteFailure({ script: script.name, host: this.name, code, stderr });
    return parseOutput(stdout);
  }

  /** Runs a script whose last line of output is JSON of `schema`: the agent program's verbs. */
  async runJson<Schema extends z.ZodType>(script: RemoteScript, schema: Schema): Promise<z.infer<Schema>> {
    const { text } = await this.run(script);
    const line = text.trimEnd().split('\n').at(-1) ?? '';
    const parsed = schema.safeParse(jsonOf(line));
    if (parsed.success) return parsed.data;
    throw new HalfspreadError(
      'HS_DEPLOY_AGENT_ANSWER',
      `The agent on ${this.name} answered "${script.name}" with something this program does not understand: ${line.slice(0, 200)}`,
      'Deploy again, so that both are of the same version.',
      { cause: parsed.error },
    );
  }

  /**
   * Our clock against theirs: of a few tries the one with the shortest round trip.
   * @returns offset (theirs minus ours) and the bound of its error, both ms
   */
  async clock(tries = 4): Promise<{ offsetMs: number; errorMs: number }> {
    let best = { offsetMs: 0, errorMs: Number.POSITIVE_INFINITY };
    for (let i = 0; i < tries; i++) {
      const startedMs = performance.now();
      const wallMs = Date.now();
      const { stdout } = await this.session.exec(`date +%s%N`, { signal: this.signal, timeoutMs: 20_000 });
      const roundTripMs = performance.now() - startedMs;
      const digits = /\d{10,}/.exec(stdout)?.[0] ?? '0';
      // Without %N (BusyBox) only whole seconds are told.
      const fine = digits.length >= 19;
      const theirsMs = fine ? Number(digits.slice(0, -6)) : Number(digits.slice(0, 10)) * 1000 + 500;
      const errorMs = roundTripMs / 2 + (fine ? 1 : 500);
      if (errorMs < best.errorMs) best = { offsetMs: theirsMs - (wallMs + roundTripMs / 2), errorMs };
    }
    return best;
  }

  /**
   * Uploads a file to `remotePath` (ours, in the login user's reach), going on where an earlier upload stopped. What is
   * there is only as good as its hash: the caller checks that with a script.
   */
  async upload(
    file: string,
    sizeBytes: number,
    remotePath: string,
    onProgress: (progress: UploadProgress) => void,
  ): Promise<void> {
    const startedMs = performance.now();
    let first: number | undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        const offset = await this.uploadedBytes(remotePath, sizeBytes);
        first ??= offset;
        const from = first;
        if (offset >= sizeBytes) return onProgress({ bytesDone: sizeBytes, bytesTotal: sizeBytes, remainingMs: 0 });
        await this.send(file, offset, remotePath, (bytesDone) => {
          const rate = (bytesDone - from) / (performance.now() - startedMs);
          onProgress({
            bytesDone,
            bytesTotal: sizeBytes,
            remainingMs: rate > 0 ? Math.round((sizeBytes - bytesDone) / rate) : undefined,
          });
        });
      } catch (error) {
        if (!isTransient(error) || attempt >= UPLOAD_TRIES) throw error;
        await delay(Math.min(1_000 * attempt, 10_000), undefined, { signal: this.signal });
      }
    }
  }

  /** Whole blocks that arrived; a file that is complete counts in full. */
  private async uploadedBytes(remotePath: string, sizeBytes: number): Promise<number> {
    const command = `if [ -f ${shellQuote(remotePath)} ]; then wc -c <${shellQuote(remotePath)}; else echo 0; fi`;
    const { stdout } = await this.session.exec(shellCommand(['sh', '-c', command]), {
      signal: this.signal,
      timeoutMs: 30_000,
    });
    const bytes = Number(stdout.trim());
    if (!Number.isSafeInteger(bytes) || bytes < 0) return 0;
    return bytes >= sizeBytes ? bytes : bytes - (bytes % BLOCK_BYTES);
  }

  /** Positions are absolute: a sender of an earlier try that still writes puts the same bytes in the same places. */
  private async send(
    file: string,
    offset: number,
    remotePath: string,
    onBytes: (bytes: number) => void,
  ): Promise<void> {
    const command = shellCommand(['sh', '-c', RECEIVE, 'halfspread-upload', remotePath, String(offset / BLOCK_BYTES)]);
    const { code, stderr } = await this.session.exec(command, {
      input: createReadStream(file, { start: offset }),
      signal: this.signal,
      timeoutMs: UPLOAD_TIMEOUT_MS,
      onLine: (line) => {
        const bytes = Number(line.trim());
        if (Number.isSafeInteger(bytes)) onBytes(bytes);
      },
    });
    if (code !== 0) throw remoteFailure({ script: 'upload', host: this.name, code, stderr });
  }

  private commandFor({ runsAs, args, name }: RemoteScript): { command: string; firstLine: string } {
    const shell = ['sh', '-s', '--', ...args];
    if (runsAs === 'login') return { command: shellCommand(shell), firstLine: '' };
    const words =
      runsAs === 'agent' && this.agentUser !== undefined ? ['runuser', '-u', this.agentUser, '--', ...shell] : shell;
    if (runsAs === 'agent' && this.agentUser === undefined) return { command: shellCommand(shell), firstLine: '' };
    switch (this.elevation.kind) {
      case 'is-root':
      case 'none':
        return { command: shellCommand(words), firstLine: '' };
      case 'sudo-free':
        return { command: shellCommand(['sudo', '-n', '--', ...words]), firstLine: '' };
      case 'sudo-password':
        // -k: without it a remembered login would leave the password to be read by the shell behind sudo.
        return {
          command: shellCommand(['sudo', '-k', '-S', '-p', '', '--', ...words]),
          firstLine: `${passwordLine(this.elevation.password, name)}\n`,
        };
    }
  }
}

function passwordLine(password: string, script: string): string {
  if (!/[\0\n\r]/.test(password)) return password;
  throw new HalfspreadError(
    'HS_DEPLOY_SUDO',
    `The sudo password holds a line end; "${script}" was not run.`,
    'Check the password.',
  );
}

/** Lines "key<TAB>value", which scripts print with `say`. */
function parseOutput(text: string): ScriptOutput {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab <= 0) continue;
    const key = line.slice(0, tab);
    values.set(key, [...(values.get(key) ?? []), line.slice(tab + 1)]);
  }
  return { text, get: (key) => values.get(key)?.at(-1), all: (key) => values.get(key) ?? [] };
}

/** What a verb of the agent program failed with, if that is what ended the script. */
function agentFailure(stdout: string): HalfspreadError | undefined {
  const parsed = agentErrorLineSchema.safeParse(jsonOf(stdout.trimEnd().split('\n').at(-1) ?? ''));
  return parsed.success ? fromWireError(parsed.data.error) : undefined;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
