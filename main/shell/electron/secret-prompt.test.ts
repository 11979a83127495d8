import { expect, it } from 'vitest';
import { createSecretDesk } from '../../keys/secret-desk.ts';
import { createElectronShell } from './electron-shell.ts';
import { FakeElectron } from './fake-electron.test-helper.ts';

it('reads what the person copied, empties the clipboard, and leaves an empty one alone', async () => {
  const electron = new FakeElectron();
  const { secrets } = createElectronShell({ electron, distFolder: '/nowhere', devTools: false, platform: 'linux' });
  const desk = createSecretDesk({ source: secrets, onChange: () => undefined });
  const asked = desk.ask({
    title: { en: 'A key', fr: 'Une clé' },
    detail: { en: '', fr: '' },
    kind: 'key',
    read: (typed) => ({ secret: typed }),
  });
  const { id, ways } = desk.state()!;
  expect(ways).toEqual(['clipboard']);
  electron.copied = 'a copied secret';
  await desk.handlers['secret.read']({ id });
  expect(electron.copied).toBe('');
  expect(JSON.stringify(desk.state())).not.toContain('a copied secret');
  desk.handlers['secret.accept']({ id });
  expect(await asked).toBe('a copied secret');
});
