import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleSite } from '../ipc/sample-site.test-helper.ts';
import { openLinkMemory } from './link-memory.ts';

let folder: string;
const open = () => openLinkMemory(join(folder, 'links.json'), Date.now);
const { agent } = sampleSite('tyo');
const next = { spkiPin: `${'B'.repeat(43)}=`, certificatePem: agent.certificatePem };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-links-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('begins with what the deploy met, and keeps what the link learned over a restart', async () => {
  const memory = await open();
  const { spkiPin, certificatePem } = agent;
  expect(memory.of(agent)).toMatchObject({ pins: [{ spkiPin, certificatePem }], protocol: 0, staysLocked: false });
  await memory.note(agent, { pins: [next] });
  await memory.note(agent, { protocol: 1, staysLocked: true });
  expect((await open()).of(agent)).toMatchObject({ pins: [next], protocol: 1, staysLocked: true });
});

it('believes a new deploy, which met the agent over SSH, before older certificates; what a person locked stays so', async () => {
  const memory = await open();
  await memory.note(agent, { pins: [next], protocol: 1, staysLocked: true });
  const redeployed = { ...agent, spkiPin: `${'C'.repeat(43)}=` };
  expect(memory.of(redeployed)).toMatchObject({
    pins: [{ spkiPin: redeployed.spkiPin }],
    protocol: 0,
    staysLocked: true,
  });
});

it('keeps a damaged file aside and says what that means', async () => {
  await writeFile(join(folder, 'links.json'), '{"version":1,"agents":[{}]}');
  const memory = await open();
  expect(memory.setAside?.code).toBe('HS_LINKS_SET_ASIDE');
  expect(memory.of(agent).pins).toHaveLength(1);
});
