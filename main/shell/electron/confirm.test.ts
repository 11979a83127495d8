import { expect, it } from 'vitest';
import { createNativeConfirm } from './confirm.ts';
import { FakeElectron } from './fake-electron.test-helper.ts';

const request = {
  language: 'en',
  title: 'Arm live trading on btc?',
  lines: ['At most 2,000 USD at each venue.', 'Halts at a day loss of 50 USD.'],
  confirm: 'Arm live trading',
  cancel: 'Stay disarmed',
} as const;

it('asks in a box of the system whose Enter and Escape are the safe answer', async () => {
  const electron = new FakeElectron();
  const confirm = createNativeConfirm(electron);
  expect(await confirm({ ...request, lines: [...request.lines] })).toBe(false);
  expect(electron.boxes).toEqual([
    {
      type: 'warning',
      title: 'Halfspread',
      message: 'Arm live trading on btc?',
      detail: 'At most 2,000 USD at each venue.\nHalts at a day loss of 50 USD.',
      buttons: ['Stay disarmed', 'Arm live trading'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    },
  ]);
  electron.boxResponse = 1;
  expect(await confirm({ ...request, lines: [] })).toBe(true);
});
