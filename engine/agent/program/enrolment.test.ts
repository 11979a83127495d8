import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enrolResultSchema, initResultSchema, type EnrolRequest } from '../../protocol/agent-program.ts';
import { newTestDevice, type TestDevice } from '../remote/remote-agent.test-helper.ts';
import { newTlsIdentity } from '../trust/certificate.ts';
import { activeTls, readIdentity, ROTATION_OVERLAP_MS } from '../trust/identity.ts';
import { enrolDevice, initAgent, listDevices, revokeDevice, rotateAgent } from './enrolment.ts';
import { purge } from './purge.ts';
import { parseSettings, readSettings } from './settings.ts';

const NOW_AT = 1_800_000_000_000;
const settings = { port: 7443, listen: '127.0.0.1' };
let folder: string;

function requestOf({ deviceId, key, tls }: TestDevice, change: Partial<EnrolRequest> = {}): EnrolRequest {
  const { certificatePem } = tls;
  return { deviceId, publicKey: key.publicKey, certificatePem, role: 'operate', label: 'laptop', ...change };
}

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'hs-enrol-')), 'state');
  await initAgent(folder, settings, NOW_AT);
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

describe('an agent’s identity', () => {
  it('is made once, kept to this user, and only its address changes later', async () => {
    const first = initResultSchema.parse(await initAgent(folder, settings, NOW_AT));
    const second = await initAgent(folder, { port: 8443, listen: '::' }, NOW_AT);
    expect(second).toEqual({ ...first, port: 8443, listen: '::' });
    expect(first.created).toBe(false);
    expect(await readSettings(folder)).toEqual({ port: 8443, listen: '::' });
    expect((await stat(join(folder, 'identity.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(JSON.stringify(second)).not.toContain('PRIVATE KEY');
  });

  it('shows its next certificate a week after a rotation, or at once when asked to', async () => {
    const before = await initAgent(folder, settings, NOW_AT);
    const rotated = await rotateAgent(folder, false, NOW_AT);
    expect(rotated.activeAt).toBe(NOW_AT + ROTATION_OVERLAP_MS);
    expect(await initAgent(folder, settings, NOW_AT)).toMatchObject({ spkiPin: before.spkiPin, next: rotated });
    const identity = await readIdentity(folder);
    expect(activeTls(identity, rotated.activeAt - 1).spkiPin).toBe(before.spkiPin);
    expect(activeTls(identity, rotated.activeAt).spkiPin).toBe(rotated.spkiPin);
    const now = await rotateAgent(folder, true, NOW_AT);
    expect(await initAgent(folder, settings, NOW_AT)).toMatchObject({ spkiPin: now.spkiPin, agentId: before.agentId });
  });

  it.each<[string, string, string]>([
    ['identity.json', '"agentId": "', '"agentId": "x'],
    ['identity.json', '"spkiPin": "', '"spkiPin": "A'],
    ['identity.json', '{', ''],
    ['devices.json', '"role": "operate"', '"role": "root"'],
    ['devices.json', '"deviceId": "', '"deviceID": "'],
  ])('is refused when %s is damaged, by file and field', async (name, good, bad) => {
    await enrolDevice(folder, requestOf(newTestDevice()), NOW_AT);
    const path = join(folder, name);
    await writeFile(path, (await readFile(path, 'utf8')).replace(good, bad));
    await expect(listDevices(folder)).rejects.toMatchObject({
      code: 'HS_STATE_FILE',
      message: expect.stringContaining(`${path} is damaged (`) as string,
    });
  });
});

describe('devices', () => {
  it('are enrolled once, changed when they come again, revoked by their id', async () => {
    const device = newTestDevice();
    const first = enrolResultSchema.parse(await enrolDevice(folder, requestOf(device), NOW_AT));
    expect(first).toMatchObject({ changed: true, device: { deviceId: device.deviceId, addedAt: NOW_AT } });
    expect((await enrolDevice(folder, requestOf(device), NOW_AT + 1)).changed).toBe(false);
    const renamed = await enrolDevice(folder, requestOf(device, { label: 'desk', role: 'view' }), NOW_AT + 2);
    expect(renamed).toMatchObject({ changed: true, device: { label: 'desk', role: 'view', addedAt: NOW_AT } });
    expect(await revokeDevice(folder, device.deviceId)).toEqual({ deviceId: device.deviceId, revoked: true });
    expect(await revokeDevice(folder, device.deviceId)).toEqual({ deviceId: device.deviceId, revoked: false });
    expect(await listDevices(folder)).toEqual({ devices: [] });
  });

  it('keep their former certificate for a week when they come with a new one', async () => {
    const device = newTestDevice();
    await enrolDevice(folder, requestOf(device), NOW_AT);
    const { certificatePem, spkiPin } = newTlsIdentity('Halfspread device');
    const { device: rotated } = await enrolDevice(folder, requestOf(device, { certificatePem }), NOW_AT);
    expect(rotated.pins).toEqual([{ spkiPin: device.tls.spkiPin, until: NOW_AT + ROTATION_OVERLAP_MS }, { spkiPin }]);
  });

  it('enrolled at the same moment are all kept', async () => {
    await Promise.all(Array.from({ length: 6 }, () => enrolDevice(folder, requestOf(newTestDevice()), NOW_AT)));
    expect((await listDevices(folder)).devices.length).toBe(6);
  });

  it('are refused with a name, key or certificate that is not theirs', async () => {
    const [device, other] = [newTestDevice(), newTestDevice()];
    await enrolDevice(folder, requestOf(other), NOW_AT);
    const tried: [Partial<EnrolRequest>, string][] = [
      [{ deviceId: other.deviceId }, 'HS_ENROL_REFUSED'],
      [{ certificatePem: other.tls.certificatePem }, 'HS_ENROL_REFUSED'],
      [{ certificatePem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }, 'HS_CERTIFICATE'],
      [{ publicKey: 'AAAA' }, 'HS_KEY_FORMAT'],
    ];
    for (const [change, code] of tried) {
      await expect(enrolDevice(folder, requestOf(device, change), NOW_AT)).rejects.toMatchObject({ code });
    }
    expect((await listDevices(folder)).devices.length).toBe(1);
  });
});

it('refuses a port or address that is none, and a folder that is no agent’s', async () => {
  for (const port of ['0', '65536', 'x', '1.5']) {
    expect(() => parseSettings(port, '0.0.0.0')).toThrow(expect.objectContaining({ code: 'HS_OPTION_PORT' }));
  }
  expect(() => parseSettings('1', 'localhost')).toThrow(expect.objectContaining({ code: 'HS_OPTION_LISTEN' }));
  await expect(listDevices(join(folder, '..'))).rejects.toMatchObject({ code: 'HS_AGENT_NOT_INITIALISED' });
  await expect(purge(join(folder, '..'))).rejects.toMatchObject({ code: 'HS_PURGE_NOT_AGENT' });
});

it('purges what is the agent’s and leaves what is not', async () => {
  await writeFile(join(folder, 'notes.txt'), 'mine');
  const { removed } = await purge(folder);
  expect(removed).toContain('identity.json');
  expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  await expect(listDevices(folder)).rejects.toMatchObject({ code: 'HS_AGENT_NOT_INITIALISED' });
});
