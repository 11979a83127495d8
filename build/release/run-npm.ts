import { execFile } from 'node:child_process';

export interface NpmRun {
  /** Undefined when npm could not be started. */
  code: number | undefined;
  stdout: string;
  /** With the reason in it when npm could not be started. */
  stderr: string;
}

/** Runs npm in `folder` and waits. Its exit code is for the caller to read. */
export function runNpm(folder: string, args: readonly string[]): Promise<NpmRun> {
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024, shell: process.platform === 'win32' };
  return new Promise((resolve) => {
    execFile('npm', [...args], options, (error, stdout, stderr) => {
      if (!error) return resolve({ code: 0, stdout, stderr });
      const code = typeof error.code === 'number' ? error.code : undefined;
      resolve({ code, stdout, stderr: code === undefined ? `${stderr}${error.message}` : stderr });
    });
  });
}
