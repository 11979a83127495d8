import { beforeEach, expect, it } from 'vitest';
import { createSecretDesk, type SecretDesk } from '../../keys/secret-desk.ts';
import { createElectronShell } from './electron-shell.ts';
import { FakeElectron } from './fake-electron.test-helper.ts';

let electron: FakeElectron;
let desk: SecretDesk;
let asked: Promise<string | undefined>;
let id: string;

beforeEach(() => {
  electron = new FakeElectron();
  const { secrets } = createElectronShell({
    electron,
    distFolder: '/nowhere',
    devTools: false,
    platform: 'linux',
    language: 'en',
    environment: {},
    homeFolder: '/',
    startCommand: ['halfspread'],
  });
  desk = createSecretDesk({ source: secrets, language: () => 'fr', onChange: () => undefined });
  asked = desk.ask({
    title: { en: 'A key', fr: 'Une clé' },
    detail: { en: 'For venue.example.', fr: 'Pour venue.example.' },
    kind: 'key',
    read: (typed) => ({ secret: typed }),
  });
  id = desk.state()!.id;
  electron.copied = 'a copied secret';
});

it('says outside of the window what the secret is for, reads what was copied, and empties the clipboard', async () => {
  expect(desk.state()!.ways).toEqual(['clipboard']);
  electron.boxResponse = 1;
  await desk.handlers['secret.read']({ id });
  expect(electron.boxes).toMatchObject([
    { message: 'Une clé', detail: 'Pour venue.example.', buttons: ['Annuler', 'Lire le presse-papiers'], defaultId: 0 },
  ]);
  expect(electron.copied).toBe('');
  expect(JSON.stringify(desk.state())).not.toContain('a copied secret');
  await desk.handlers['secret.accept']({ id });
  expect(await asked).toBe('a copied secret');
});

it('reads nothing when the person declines there', async () => {
  await desk.handlers['secret.read']({ id });
  expect(electron.copied).toBe('a copied secret');
  expect(desk.state()).not.toHaveProperty('received');
  expect(desk.state()).not.toHaveProperty('refused');
  desk.stop();
  expect(await asked).toBeUndefined();
});
