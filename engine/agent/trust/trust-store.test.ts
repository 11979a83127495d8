import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeEnv } from '../../node-env.ts';
import { enrolTestDevice, newTestDevice } from '../remote/remote-agent.test-helper.ts';
import { newTlsIdentity } from './certificate.ts';
import { ensureIdentity, ROTATION_OVERLAP_MS, rotateIdentity } from './identity.ts';
import { openTrustStore, type TrustStore } from './trust-store.ts';

const real = createNodeEnv();
const device = newTestDevice();
let folder: string;
let trust: TrustStore;
let nowMs: number;
let changes: number;
let problems: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-trust-'));
  nowMs = Date.now();
  changes = 0;
  problems = [];
  await ensureIdentity(folder);
  await enrolTestDevice(folder, device);
  const clock = { monotonicMs: () => real.clock.monotonicMs(), wallMs: () => nowMs };
  trust = await openTrustStore(folder, { clock, timers: real.timers }, (message) => problems.push(message));
  trust.onChange(() => (changes += 1));
});
afterEach(async () => {
  await trust.close();
  await rm(folder, { recursive: true });
});

describe('the trust of a running agent', () => {
  it('follows the files within a second', async () => {
    const other = newTestDevice();
    await enrolTestDevice(folder, other);
    await expect.poll(() => trust.deviceByPin(other.tls.spkiPin)?.deviceId, { timeout: 5_000 }).toBe(other.deviceId);
    expect(changes).toBe(1);
  });

  it('keeps what it knew when a file is damaged under it, and says so once', async () => {
    const path = join(folder, 'devices.json');
    const good = await readFile(path, 'utf8');
    await writeFile(path, good.slice(0, 50));
    await expect.poll(() => problems.length, { timeout: 5_000 }).toBe(1);
    expect(problems[0]).toContain(path);
    expect(trust.deviceByPin(device.tls.spkiPin)).toBeDefined();
    await writeFile(path, good);
    await trust.reload();
    expect([changes, problems.length]).toEqual([0, 1]);
  });

  it('takes a device’s old and new certificate for a week, then the new one alone', async () => {
    const next = newTlsIdentity('Halfspread device');
    await trust.rotateDevice(device.deviceId, next.certificatePem);
    const known = () => [device.tls.spkiPin, next.spkiPin].map((pin) => trust.deviceByPin(pin) !== undefined);
    expect(known()).toEqual([true, true]);
    expect(trust.certificates().length).toBe(2);
    nowMs += ROTATION_OVERLAP_MS + 1;
    expect(known()).toEqual([false, true]);
    // Time alone changes it, and who listens is told.
    await expect.poll(() => changes, { timeout: 5_000 }).toBe(2);
  });

  it('shows its own next certificate when its time has come', async () => {
    const first = trust.tls().spkiPin;
    const { next } = await rotateIdentity(folder, nowMs, nowMs + ROTATION_OVERLAP_MS);
    await trust.reload();
    expect(trust.tls().spkiPin).toBe(first);
    nowMs += ROTATION_OVERLAP_MS;
    expect(trust.tls().spkiPin).toBe(next!.spkiPin);
    await expect.poll(() => changes, { timeout: 5_000 }).toBe(1);
  });

  it('remembers across starts when it saw a device, and never lowers the protocol agreed with it', async () => {
    trust.noteSeen(device.deviceId, 2);
    trust.noteSeen(device.deviceId, 1);
    await trust.close();
    trust = await openTrustStore(folder, real, () => undefined);
    expect(trust.lowestProtocol(device.deviceId)).toBe(2);
    expect(trust.devices()[0]?.lastSeenAt).toBe(Math.round(nowMs));
  });
});
