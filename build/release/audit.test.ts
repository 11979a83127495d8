import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { auditProduction, readAudit, type AuditOutcome } from './audit.ts';

const root = join(import.meta.dirname, '../..');
let registry: Server | undefined;
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'hs-npm-'));
});
afterEach(async () => {
  await new Promise<void>((resolve) => (registry ? registry.close(() => resolve()) : resolve()));
  registry = undefined;
  rmSync(cache, { recursive: true });
});

/** The real npm, asking a registry that answers so. */
async function auditAt(status: number, advisories: object): Promise<AuditOutcome> {
  registry = createServer((request, response) => {
    // It has advisories and no packages.
    if (request.method !== 'POST') return void response.writeHead(404).end();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(advisories));
  });
  await new Promise<void>((resolve) => registry!.listen(0, '127.0.0.1', resolve));
  const { port } = registry.address() as AddressInfo;
  return auditFrom(`http://127.0.0.1:${port}/`);
}

/** npm keeps what it learnt of an advisory: with a cache of its own it knows nothing yet. */
function auditFrom(address: string): Promise<AuditOutcome> {
  return auditProduction(root, [`--registry=${address}`, '--fetch-retries=0', `--cache=${cache}`]);
}

it('passes when nothing is known against what ships', async () => {
  expect(await auditAt(200, {})).toEqual({ kind: 'clean', packages: expect.any(Number), lesser: 0 });
});

it('names a hole of grade high, and lets lower ones through by number', async () => {
  const advisory = { id: 1, url: 'https://x.example/1', title: 'Anyone can trade', vulnerable_versions: '<99.0.0' };
  expect(await auditAt(200, { yaml: [{ ...advisory, severity: 'high' }] })).toEqual({
    kind: 'holes',
    holes: [{ name: 'yaml', severity: 'high', title: 'Anyone can trade', url: 'https://x.example/1' }],
  });
});

it('says that nothing was checked when the endpoint refuses, npm fails, or the answer is nonsense', async () => {
  expect(await auditAt(405, {})).toMatchObject({ kind: 'notAsked', why: expect.stringContaining('405') });
  expect(readAudit('{"ok":true}', '')).toMatchObject({ kind: 'notAsked' });
  expect(readAudit('', 'npm error offline')).toEqual({ kind: 'notAsked', why: 'npm error offline' });
});
