import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import { deployStepIds } from '../ipc/site-schema.ts';
import { commandName } from '../text/saying.ts';
import { planDeploy } from './plan.ts';
import { checkRequest } from './request.ts';

const bundle = {
  version: '1',
  release: '1-abcdef01',
  file: '',
  bytes: 1_000,
  sha256: 'a'.repeat(64),
  manifestSha256: 'b'.repeat(64),
};
const ports = {
  runtimeMirror: 'https://mirror.example',
  endpoints: PUBLISHED_ENDPOINTS.production,
  measureSamples: 20,
  knownHostsFile: '/k',
};
const plan = (change: object) => planDeploy(checkRequest({ name: 's', host: 'h', ...change }), bundle, ports);

it('names every step in order, and every script of it is one a POSIX shell can read', () => {
  for (const steps of [plan({}), plan({ prefix: '/home/u/hs', user: 'u' })]) {
    expect(steps.map(({ step }) => step)).toEqual([...deployStepIds]);
    for (const { name, text, runsAs } of steps.flatMap(({ commands }) => commands)) {
      expect(commandName(name, 'fr'), 'in French').not.toBe(name);
      if (runsAs === 'here') continue;
      const script = text.slice(text.indexOf('\n') + 1);
      const read = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' });
      expect(read.stderr, name).toBe('');
    }
  }
});

it('needs root for a system service and never for a folder of the login user', () => {
  const roots = (steps: ReturnType<typeof plan>) =>
    steps.flatMap(({ commands }) => commands).filter(({ runsAs }) => runsAs === 'root');
  expect(roots(plan({})).length).toBeGreaterThan(5);
  expect(roots(plan({ prefix: '/home/u/hs', user: 'u' }))).toEqual([]);
});

it('asks for the host key before it logs in, and checks hashes before anything runs', () => {
  const text = plan({}).flatMap(({ step, commands }) => commands.map((command) => `${step}: ${command.text}`));
  const at = (part: string) => text.findIndex((line) => line.includes(part));
  expect(at('ssh-keyscan')).toBeLessThan(at('login: ssh -F'));
  expect(text[at('install: sh')]).toContain('sha256sum -c --status .manifest');
});
