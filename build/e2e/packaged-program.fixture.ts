/**
 * Stands for the packaged program where Electron cannot be had: a plain Node that decides and runs as main/electron-main.ts
 * does, on the files of a package. `packaged-program.fixture.ts DIST PROGRAM [arguments]`.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCli } from '../../main/shell/electron/cli-mode.ts';
import { startMode } from '../../main/shell/electron/start-mode.ts';

const [dist, program, ...args] = process.argv.slice(2) as [string, string, ...string[]];
process.argv = [program, ...args];
// As in the package: starting it again starts the program, not Node.
process.execPath = program;

const mode = startMode({ argv: process.argv, isPackaged: true, hasSwitch: () => false });
if (mode.kind === 'cli') await runCli(process, () => import(pathToFileURL(join(dist, 'engine/cli.mjs')).href));
else process.stdout.write(`${mode.kind}\n`);
