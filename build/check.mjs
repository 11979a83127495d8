/** Static checks: lint, formatting, types per runtime, architecture rules. Exits 1 when any fails; `--json FILE` keeps the outcome. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
const checks = [
  { name: 'lint', command: ['eslint', '.', '--max-warnings', '0'] },
  { name: 'formatting', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'types', command: ['tsc', '-b'] },
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
for (const { name, command } of checks) {
  const startedAt = Date.now();
  const [program, ...args] = command;
  const run = spawnSync(`${root}node_modules/.bin/${program}`, args, { cwd: root, encoding: 'utf8' });
  const ok = run.status === 0;
  results.push({ name, ok });
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!ok) console.log(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error ? String(run.error) : ''}`);
}
const jsonAt = process.argv.indexOf('--json');
if (jsonAt > 0) writeFileSync(process.argv[jsonAt + 1], JSON.stringify(results));
process.exit(results.every((r) => r.ok) ? 0 : 1);
