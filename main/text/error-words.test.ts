import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isTextKey } from './catalogue.ts';
import { errorWords, hasErrorWords, reasonWords } from './error-words.ts';
import { frenchErrors } from './fr/errors.ts';

const wire = (code: string) => ({ code, message: 'what it says', remedy: 'what to do' });

/** Sources whose errors can come before a person in the window, the tray or a notification. */
const SOURCES = ['main', 'engine', 'renderer'].map((folder) => join(import.meta.dirname, '../..', folder));
/** The command lines print English; a program that only they start is theirs as well. */
const NOT_SHOWN = /\.test\.|\.test-helper\.|\/cli\/|\/cli\.ts$|engine\/simulation\/|renderer\/sample\/|main\/text\//;

/**
 * Codes without French words: faults in our own calls, and what is only ever said on a server's or a terminal's side. This
 * list may only get shorter: an error a person can meet gets words in main/text/fr/errors-*.ts.
 */
const WITHOUT_FRENCH: readonly string[] = [
  'HS_AUDIT_LOG',
  'HS_CANONICAL_JSON',
  'HS_CLI_MISSING',
  'HS_OPTION',
  'HS_OPTION_LISTEN',
  'HS_OPTION_PORT',
  'HS_PRACTICE_DECIMALS',
  'HS_PURGE_NOT_AGENT',
  'HS_SERVICE_MANAGER',
  'HS_SIGN_FELT',
  'HS_SIGN_NO_PARENT',
  'HS_SIGN_TEXT',
  'HS_SLIPPAGE_PRICE',
  'HS_SSH',
  'HS_TRUST_FILE',
  'HS_VEST_SIGN_INPUT',
];

function codesOfSources(): Set<string> {
  const codes = new Set<string>();
  for (const folder of SOURCES) {
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, file).replaceAll('\\', '/');
      if (!/\.(ts|svelte)$/.test(path) || NOT_SHOWN.test(path)) continue;
      // Of strings alone: a code in a comment is no error. One that ends in "_" is the beginning of several.
      for (const [, code = ''] of readFileSync(path, 'utf8').matchAll(/['"](HS_[A-Z0-9_]*[A-Z0-9])['"]/g))
        codes.add(code);
    }
  }
  return codes;
}

/** Worded as findings: main/text/saying.ts. */
const isFinding = (code: string) => code.startsWith('HS_DOCTOR_');

/** A code is not always an error: of notices, reasons and findings the words are elsewhere. */
function hasOtherWords(code: string): boolean {
  return [`notice.${code}`, `arm.reason.${code}`, `reason.${code}`, `alerts.desktop.${code}`].some(isTextKey);
}

const codes = codesOfSources();

test('every error a person can meet has words in French', () => {
  const missing = [...codes].filter((code) => !hasErrorWords(code) && !hasOtherWords(code) && !isFinding(code)).sort();
  expect(missing).toEqual(WITHOUT_FRENCH);
});

test('no words are left of an error that is gone, and none are written twice', () => {
  for (const code of frenchErrors.keys()) {
    expect(codes, code).toContain(code);
    expect(isTextKey(`deploy.error.${code}`) || isTextKey(`tradingKeys.error.${code}`), code).toBe(false);
  }
});

test('the French of errors is set as all French is, and says what happened as a sentence', () => {
  for (const [code, [what, remedy]] of frenchErrors) {
    expect(what, code).toMatch(/[.]$/);
    for (const text of [what, remedy]) {
      expect(text, code).not.toMatch(/ [:;?!%»]|« |'| -\d/);
    }
  }
});

test('French says it in its own words, with the error as it was thrown below; English is the error itself', () => {
  const error = { ...wire('HS_CLOUD_PRICE'), message: 'micro costs 8.00 USD a month now.' };
  expect(errorWords(error, 'fr')).toEqual({
    title: 'Le prix n’est plus celui qui a été accepté. Aucun serveur n’a été créé.',
    detail: 'micro costs 8.00 USD a month now.',
    remedy: 'Regardez le nouveau prix et acceptez-le, ou prenez une autre offre.',
  });
  expect(errorWords(error, 'en')).toEqual({ title: error.message, remedy: error.remedy });
});

test('what the catalogue words differently is worded in both languages', () => {
  expect(errorWords(wire('HS_SSH_REFUSED'), 'en').title).toBe('No SSH server listens there.');
  expect(errorWords(wire('HS_SSH_REFUSED'), 'fr').title).toBe('Aucun serveur SSH n’écoute à cet endroit.');
  expect(errorWords(wire('HS_KEYCHAIN_NONE'), 'fr')).toMatchObject({ detail: 'what it says' });
});

test('a code nobody has words for is shown as it came, marked as English; one of the window is in its language', () => {
  expect(errorWords(wire('HS_BRAND_NEW'), 'fr')).toEqual({ title: 'what it says', remedy: 'what to do', lang: 'en' });
  expect(errorWords(wire('HS_MODE_WAITS'), 'fr')).toEqual({ title: 'what it says', remedy: 'what to do' });
});

test('why the engine is as it is comes from the notices, from the ways to disarmed, or from the errors', () => {
  expect(reasonWords(wire('HS_REDUCE_FAILED'), 'fr')).toEqual({
    title: 'Arrêt\u00a0: une position n’a pas pu être fermée',
    remedy: '',
  });
  expect(reasonWords(wire('HS_DISARMED_SLEEP'), 'fr').title).not.toBe('what it says');
  expect(reasonWords(wire('HS_SIGN_CLOSED'), 'fr')).toMatchObject({ detail: 'what it says', remedy: '' });
});
