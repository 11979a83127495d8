/**
 * Stands for the packaged program where Electron cannot be had: a plain Node that evaluates the package's own entry, with a
 * stand-in for the electron module. `packaged-program.fixture.ts DIST PROGRAM [arguments]`.
 */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, program, ...args] = process.argv.slice(2) as [string, string, ...string[]];
process.argv = [program, ...args];
// As in the package: starting it again starts the program, not Node.
process.execPath = program;

const standIn = new URL('./electron-stand-in.fixture.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
await import(pathToFileURL(join(dist, 'main/electron-main.mjs')).href);
