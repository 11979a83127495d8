import { expect, it } from 'vitest';
import type { OperationStep } from '../../main/ipc/site-schema.ts';
import { stepProgress, totalCosts } from './site-progress.ts';

const steps = (...states: OperationStep['state'][]): OperationStep[] =>
  (['desk', 'credentials', 'hostKey'] as const).map((step, index) => ({
    step,
    state: states[index] ?? 'waiting',
    elapsedMs: 0,
  }));

it.each([
  [steps(), 1, 'desk'],
  [steps('done', 'running'), 2, 'credentials'],
  [steps('done', 'unchanged', 'failed'), 3, 'hostKey'],
  [steps('done', 'done', 'done'), 3, undefined],
  // An undo goes backwards.
  [steps('done', 'undoing', 'undone'), 2, 'credentials'],
])('counts how far it is', (list, number, current) => {
  const progress = stepProgress(list);
  expect([progress.number, progress.count, progress.current?.step]).toEqual([number, 3, current]);
});

it('adds up what costs, each currency for itself', () => {
  const server = {
    site: 'a',
    provider: 'hetzner' as const,
    title: '',
    region: '',
    plan: '',
    state: 'exists' as const,
    createdAt: 0,
  };
  expect(
    totalCosts([
      { ...server, price: { amount: '7.00', currency: 'USD' } },
      { ...server, price: { amount: '4.7481', currency: 'EUR' } },
      { ...server, price: { amount: '5.00', currency: 'USD' } },
    ]),
  ).toEqual([
    { currency: 'USD', amount: 12 },
    { currency: 'EUR', amount: 4.7481 },
  ]);
});
