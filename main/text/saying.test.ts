import { expect, test } from 'vitest';
import type { Finding } from '../ipc/site-schema.ts';
import { commandName, findingWords, inEnglish, saidWords, saying, sayingAsItIs, sayingError } from './saying.ts';

const said = [
  saying('room', { memoryMiB: 957, freeMiB: 36_400 }),
  saying('clock', { clockOffsetMs: -2500, errorMs: 121.7 }),
];

test('each language writes figures and units its own way; the command line has the English', () => {
  expect(inEnglish(said)).toBe('957\u00a0MiB memory, 36,400\u00a0MiB free; clock \u22122.5\u00a0s ± 121.7\u00a0ms');
  expect(saidWords(said, '', 'fr')).toEqual({
    text: '957\u00a0Mio de mémoire, 36\u202f400\u00a0Mio libres sur le disque\u202f; horloge \u22122,5\u00a0s ± 121,7\u00a0ms',
  });
});

test('a port is no figure, and a state of the service or the desk is a word', () => {
  expect(saidWords([saying('measure.port', { port: 7411 })], '', 'fr').text).toBe('le port 7411 répond d’ici');
  expect(saidWords([saying('start.is', { service: 'running' })], '', 'fr').text).toBe('service en marche');
  expect(saidWords([saying('health', { trading: 'locked', memoryBytes: 94e6 })], '', 'fr').text).toContain(
    'verrouillé',
  );
});

test('what has no words is the English beside it, marked as such', () => {
  expect(saidWords([{ code: 'brandNew' }, sayingAsItIs('x')], 'brand new; x', 'fr')).toEqual({
    text: 'brand new; x',
    lang: 'en',
  });
  expect(saidWords(undefined, 'of an older version', 'fr')).toEqual({ text: 'of an older version', lang: 'en' });
  expect(saidWords(undefined, 'of an older version', 'en')).toEqual({ text: 'of an older version' });
});

test('a step that ended with an error says the error', () => {
  const failed = [sayingError({ code: 'HS_DEPLOY_DISK_FULL' })];
  expect(saidWords(failed, 'The disk of h is full.', 'fr').text).toBe('Le disque du serveur est plein.');
  expect(saidWords([sayingError({ code: 'HS_BRAND_NEW' })], 'as thrown', 'fr')).toEqual({
    text: 'as thrown',
    lang: 'en',
  });
});

test('a finding has the words of the window, not those of the command line; an error among them those of the error', () => {
  const finding: Finding = {
    code: 'HS_DEPLOY_PERMISSION',
    severity: 'stop',
    message: 'This user may not write /opt/x or the folder above it.',
    remedy: 'Name another folder with --prefix.',
    said: saying('finding.permission', { prefix: '/opt/x' }),
    saidRemedy: saying('finding.permission.do'),
  };
  expect(findingWords(finding, 'en')).toEqual({ title: finding.message, remedy: 'Name another folder.' });
  expect(findingWords(finding, 'fr').remedy).toBe('Donnez un autre dossier.');
  const unreached: Finding = { code: 'HS_SSH_TIMEOUT', severity: 'stop', message: 'h: timed out', remedy: 'Check.' };
  expect(findingWords(unreached, 'fr')).toMatchObject({
    title: 'Le serveur ne répond pas à temps.',
    detail: 'h: timed out',
  });
});

test('a command nobody has named in French keeps its name', () => {
  expect(commandName('who am I', 'fr')).toBe('qui suis-je');
  expect(commandName('brand new', 'fr')).toBe('brand new');
});
