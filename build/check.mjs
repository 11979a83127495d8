/**
 * Static checks: lint, formatting, types per runtime, architecture rules; as many at a time as there are cores. Exits 1 when
 * any fails; `--json FILE` keeps the outcome.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const root = new URL('..', import.meta.url).pathname;
/** The longest first: it is what the others are run beside. */
const checks = [
  { name: 'lint', command: ['eslint', '.', '--max-warnings', '0'] },
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'formatting', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  {
    name: 'types of Svelte parts',
    command: ['svelte-check', '--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings'],
  },
  {
    name: 'architecture rules',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'engine', 'main', 'renderer', 'build'],
  },
];

const results = [];
const waiting = checks.values();
await Promise.all(Array.from({ length: availableParallelism() }, runWaiting));
const jsonAt = process.argv.indexOf('--json');
if (jsonAt > 0) writeFileSync(process.argv[jsonAt + 1], JSON.stringify(results));
process.exit(results.every((r) => r.ok) ? 0 : 1);

/** Runs one check after the other until none waits. */
async function runWaiting() {
  for (const { name, command } of waiting) {
    const startedAt = Date.now();
    const { ok, output } = await run(command);
    results.push({ name, ok });
    // What a check printed stays together, whatever runs beside it.
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    if (!ok) console.log(output);
  }
}

async function run([program, ...args]) {
  const child = spawn(`${root}node_modules/.bin/${program}`, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  try {
    const [code, signal] = await once(child, 'close');
    return { ok: code === 0, output: signal ? `${output}ended by ${signal}` : output };
  } catch (error) {
    return { ok: false, output: String(error) };
  }
}
