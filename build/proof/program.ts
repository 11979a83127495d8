import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The bundles as they ship; `node build/bundle.mjs` makes them. */
export const CLI = fileURLToPath(new URL('../../dist/engine/cli.mjs', import.meta.url));
export const ENGINE = fileURLToPath(new URL('../../dist/engine/engine.mjs', import.meta.url));
export const AGENT = fileURLToPath(new URL('../../dist/agent/agent.mjs', import.meta.url));
/** The tapes that ship, to be copied and damaged. */
export const TAPES = fileURLToPath(new URL('../../dist/practice/tapes', import.meta.url));

/** A program that ended. */
export interface Ended {
  /** Exit code; null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A folder of its own for one run of the program: its home, its data, its sockets. */
export interface Home {
  folder: string;
  path(...parts: string[]): string;
  environment: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

export async function createHome(): Promise<Home> {
  // Short: a Unix socket's path may have 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'hs-'));
  return {
    folder,
    path: (...parts) => join(folder, ...parts),
    environment: { ...process.env, HALFSPREAD_HOME: folder },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Program {
  child: ChildProcess;
  /** Next line of standard output. @throws when the program ends before it */
  nextLine(): Promise<string>;
  /** What it wrote to standard error so far. */
  stderr(): string;
  ended: Promise<Ended>;
}

/** Starts a script under this Node. Standard input stays open until the child ends or we do; descriptor 3 gets `handover`. */
export function startProgram(
  script: string,
  args: string[],
  home: Home,
  handover?: unknown,
  nodeFlags: readonly string[] = [],
): Program {
  const child = spawn(process.execPath, [...nodeFlags, script, ...args], {
    env: home.environment,
    cwd: home.folder,
    stdio: handover === undefined ? ['pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const pipe = child.stdio[3];
  if (handover !== undefined && pipe && 'end' in pipe) {
    // A child killed before it read its launch line breaks the pipe.
    pipe.on('error', (error) => (stderr += String(error)));
    pipe.end(`${JSON.stringify(handover)}\n`);
  }
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr };
  });
  return {
    child,
    async nextLine() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ${args.join(' ')} ended without a line: ${stderr}`);
      return value;
    },
    stderr: () => stderr,
    ended,
  };
}

/** `halfspread ARGS` as a person runs it. */
export function startCli(args: string[], home: Home): Program {
  return startProgram(CLI, args, home);
}

/** Runs `halfspread ARGS` to its end. */
export function runCli(args: string[], home: Home): Promise<Ended> {
  return startCli(args, home).ended;
}

/** The last line of standard output, which every `--json` command makes one JSON value. */
export function lastJson({ stdout, stderr, code }: Ended): unknown {
  const line = stdout.trimEnd().split('\n').at(-1)!;
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`exit code ${code}, no JSON in the last line "${line.slice(0, 200)}"; standard error: ${stderr}`);
  }
}

/** Whether a process still exists and is not merely waiting to be reaped. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
