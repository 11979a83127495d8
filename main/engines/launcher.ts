/** How a child process is started; the plain-Node and the Electron shell each have their way (main/shell). */

export interface LaunchSpec {
  /** Shown in task managers and logs: "engine", "venues". */
  name: string;
  /** Absolute path of the script. */
  script: string;
  args: string[];
  /** Argument that makes the program end with its standard input; given where children have one. */
  endWithInputArg?: string;
  /** Secrets and options: one JSON line on descriptor 3 (Node) or the first message (Electron). Never in argv. */
  handover?: unknown;
}

export interface ChildHandlers {
  onStdoutLine(line: string): void;
  onStderrLine(line: string): void;
  /** Exactly once, also when the process could not be started (then code and signal are null). */
  onExit(code: number | null, signal: string | null, startError?: Error): void;
}

export interface ChildHandle {
  readonly pid: number | undefined;
  /** Asks it to end (SIGTERM). */
  terminate(): void;
  /** Ends it (SIGKILL). */
  kill(): void;
}

export type ProcessLauncher = (spec: LaunchSpec, handlers: ChildHandlers) => ChildHandle;
