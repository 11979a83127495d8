import { describe, expect, it } from 'vitest';
import type { Operation } from '../ipc/site-schema.ts';
import { operationAlert } from './operation-alert.ts';

const ended = (change: Partial<Operation>): Operation => ({
  id: '1',
  site: 'tyo-1',
  kind: 'deploy',
  state: 'done',
  startedAt: 0,
  steps: [],
  ...change,
});
const error = { code: 'HS_SITE_NOT_FLAT', message: 'The agent is not flat (trading: trading).', remedy: '' };
const price = { amount: '7.00', currency: 'USD' };

describe('what is told when work on a site has ended', () => {
  it('a deploy that is done, in both languages, and a click opens the sites', () => {
    expect(operationAlert(ended({}))).toMatchObject({
      category: 'site.tyo-1',
      severity: 'info',
      page: 'sites',
      words: {
        en: { title: '“tyo-1” is deployed', body: expect.stringContaining('locked') as string },
        fr: { title: expect.stringContaining('déployé') as string },
      },
    });
    expect(operationAlert(ended({ isUnchanged: true }))?.words.en.body).toBe('Nothing had to be changed.');
  });

  it('one that failed says why, and what goes on costing', () => {
    const alert = operationAlert(ended({ state: 'failed', error }), price);
    expect(alert).toMatchObject({ severity: 'warn', words: { en: { title: 'Deploying “tyo-1” failed' } } });
    expect(alert?.words.en.body).toBe(
      'The agent there holds positions. A server exists and costs 7.00\u00a0USD a month.',
    );
    expect(alert?.words.fr.body).toContain('7,00\u00a0USD');
  });

  it('an action only when it failed: it may have been chosen in the tray', () => {
    expect(operationAlert(ended({ kind: 'action', action: 'stop' }))).toBeUndefined();
    expect(
      operationAlert(ended({ kind: 'action', action: 'stop', state: 'failed', error }), price)?.words.en.title,
    ).toBe('Stopping tyo-1 did not work');
  });

  it('a server that is deleted, and one that is not', () => {
    expect(operationAlert(ended({ kind: 'deleteServer' }))?.words.en.title).toBe('The server of “tyo-1” is deleted');
    const failed = operationAlert(ended({ kind: 'deleteServer', state: 'failed', error }), price);
    expect(failed?.words.en.title).toBe('The server of “tyo-1” was not deleted');
  });

  it('nothing of a look, of what runs, and of what somebody stopped', () => {
    expect(operationAlert(ended({ kind: 'look' }))).toBeUndefined();
    expect(operationAlert(ended({ state: 'running' }))).toBeUndefined();
    expect(operationAlert(ended({ state: 'stopped', error }))).toBeUndefined();
  });
});
