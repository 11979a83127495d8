import { expect, it } from 'vitest';
import { crashAlert, sleepAlert } from './machine-situations.ts';

it('tells of a position that sleep strands, with its trade where it is known, through mute and quiet hours', () => {
  expect(sleepAlert('openPosition', 7)).toMatchObject({
    severity: 'critical',
    tradeId: 7,
    words: {
      en: { title: 'This machine sleeps with a position open', body: expect.stringContaining('Trade #7 is open') },
      fr: { body: expect.stringContaining('trade #7 est ouvert') },
    },
  });
  const unknown = sleepAlert('notPaused', undefined);
  expect(unknown).not.toHaveProperty('tradeId');
  expect(unknown.words.en.body).not.toMatch(/[{}]/);
});

it('tells how the last run ended by its code', () => {
  const alert = crashAlert({ code: 'HS_MAIN_CRASHED', message: 'm', remedy: 'r' });
  expect([alert.words.en.body, alert.words.fr.body].every((body) => body.includes('HS_MAIN_CRASHED'))).toBe(true);
});
